// What must a language bring so that replies in it are understood? One pattern a line; every quantifier bounded, for the texts are hostile.

export interface InterestPhrases {
  /** Speaks of the writer's own interest. Negated it is a no; asked ("why would I be interested?") it is nothing. */
  readonly interested: string;
  /** Agrees to a call, a date, a next step. Negated it is unclear. */
  readonly agrees: string;
  readonly asksForInfo: string;
  /** Gives a reason against it: price, budget, what they already have. */
  readonly objects: string;
  readonly notNow: string;
  /** Names or involves somebody else. */
  readonly refers: string;
  readonly wrongPerson: string;
  readonly refuses: string;
  /** Takes note, and promises nothing. */
  readonly neutral: string;
  /** Doubt and conditions: whatever else is said, a person should read it. */
  readonly unsure: string;
  readonly mocks: string;
  /** Has a negation in it and denies nothing: "no problem". */
  readonly harmlessNegation: string;
  /** Speaks of our interest, or asks for it: "thanks for your interest". */
  readonly yourInterest: string;
}
