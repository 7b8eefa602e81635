// Replies that say two things at once, that take back what they say, or that quote us.
import { expect, test } from "vitest";
import { processorTime } from "../../test/support/processor-time.ts";
import { judgeInterest } from "./interest.ts";
import { visibleReply } from "./visible-reply.ts";

test.each([
  "I can't say I'm interested",
  "We are no longer interested",
  "I was interested until I saw the price",
  "Not even remotely interested",
  "I'm less than interested",
  "Zero interest",
  "interested? no",
  "Interested? Not really.",
  "Are we interested? No.",
  "I don't think we'd be interested",
  "I'm afraid we're not that interested",
  "Neither I nor my team is interested",
  "Please explain why I should be interested",
  "Sounds like a scam",
  "Sounds great, if you like wasting money",
  "This works for others, not for us",
  "Tuesday works if you pay me",
  "Nein, wir sind nicht an einem Gespräch interessiert",
  "Wir haben daran keinerlei Interesse",
  "Interesse besteht nicht",
  "Gerne, aber nicht mit Ihnen",
  "Gerne nicht",
  "Ja, wir haben schon einen Anbieter",
  "Ja aber nein",
  "Non, ça ne m'intéresse pas du tout",
  "Je ne suis absolument pas intéressée",
  "Pas du tout intéressé",
  "Oui mais non",
  "Oui, nous avons déjà une solution",
  "No, no me interesa para nada",
  "No creo que nos interese",
  "Sí, pero no ahora",
  "Sí, ya tenemos uno",
  "Não, não me interessa",
  "Não acho que seja interessante",
  "Sim, mas já temos",
  "Sim, já temos um fornecedor",
  "Non mi interessa affatto",
  "Non credo ci interessi",
  "Sì, ma non adesso",
  "Sì, ne abbiamo già uno",
  "Ik heb er geen interesse in",
  "Ik denk niet dat we interesse hebben",
  "Ja, maar niet nu",
  "Ja, we hebben er al een",
  "It's a no from me",
  "That's a hard pass",
  "Thanks but we're good",
  "Yes, we have a tool for that already",
  "Yes but not now",
  "Yes, I got your email, and no, I am not interested",
  "I'd love to be removed from this list",
  "I would love to never hear from you",
  "Let's talk never",
  "Don't call me",
  "please don't book a call",
  "You can't just book a meeting with me",
  "We have no time for a call",
  "no call please",
  "I have no interest in a demo",
  "We don't want a demo",
  "Happy to help but I am not the buyer",
  "happy to pass",
  "Feel free to call someone else",
  "Sure, whatever",
  "Absolutely not",
  "definitely not interested",
  "Yes I want you to stop",
  "Great product but no thanks",
  "It sounds good but we can't",
  "works for me as spam",
  "I'm free to ignore you",
  "We're free of any need",
  "Sounds good? No.",
  "no estoy disponible",
  "não estou disponível",
  "non sono disponibile",
  "ik ben niet beschikbaar",
  "I am not available on Tuesday",
  "Tuesday works? Are you serious",
  "you call me every week, please do not",
  "rufen Sie mich nicht an",
  "Ne m'appelez pas",
  "No me llame",
  "Não me ligue",
  "Non mi chiami",
  "Bel me niet",
])("%s is no yes", (words) => {
  expect(["positive", "requested_info"]).not.toContain(judgeInterest(words).level);
});

test.each([
  ["I'm not sure this is for us", ["needs_review", "objection"]],
  ["No budget, but send me details", ["objection"]],
  ["We already have a vendor, contact me in January", ["not_now"]],
  ["I left the company, please contact Ann Lee", ["referral"]],
  ["I don't look after this, nobody does", ["wrong_person"]],
  ["I don't look after this, she does", ["wrong_person"]],
  ["Tom Reuter does", ["needs_review"]],
  ["We are interested, but I don't handle this, Tom Reuter does", ["needs_review"]],
  ["Thanks for asking. LGTM, let's talk on Tuesday.", ["positive"]],
  ["Sounds great. Yours is too expensive, though.", ["needs_review", "objection"]],
  ["Too expensive, not interested", ["negative"]],
  ["Interesse haben wir, aber kein Budget", ["needs_review"]],
  ["Sounds good, but unsubscribe me", ["unsubscribe"]],
  ["Yes, let's talk. How much is it?", ["positive"]],
])("mixed: %s", (words, levels) => {
  expect(levels).toContain(judgeInterest(words).level);
});

test("the words that decided are given as they stand, with the reasons", () => {
  expect(judgeInterest("Hello Bob,\nthanks for the note. We already use HubSpot, and like it.")).toMatchObject({
    level: "objection",
    evidence: "We already use HubSpot,",
    why: expect.arrayContaining(["says objection"]),
  });
});

test("our own mail below the answer is not read", () => {
  const text =
    "Not for us.\n\nOn Tue, 24 Nov 2026 at 10:00, Bob <bob@our.example> wrote:\n> Interested? Tuesday works for me, let's talk.\n> Reply STOP to unsubscribe.";
  expect(judgeInterest(visibleReply({ text, html: null })).level).toBe("negative");
});

test.each(["not ", "interested ", "please contact ", "but ", ", ", "no, ", "non ", "\n", " ", "next week is ", "we have "])(
  "half a megabyte of %j costs little",
  (part) => {
    const spent = processorTime();
    judgeInterest(part.repeat(Math.ceil(500_000 / part.length)));
    expect(spent()).toBeLessThan(2_000);
  },
);
