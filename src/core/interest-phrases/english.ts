// How do people answer outreach in English? Folded as in clauses.ts: no accents, any case.
import type { InterestPhrases } from "./phrases.ts";

const MONTH = "(?:january|february|march|april|may|june|july|august|september|october|november|december|q[1-4])";

export const english: InterestPhrases = {
  interested: String.raw`
    interested(?! party)
    keen
    curious to (?:learn|hear|see|know)
    intrigued
  `,
  agrees: String.raw`
    let'?s (?:talk|chat|meet|discuss|do (?:it|this|that)|schedule|set (?:\S{1,12} )?up|connect|speak|jump|hop|get|find|book|arrange|go (?:ahead|for it))
    sounds (?:very |really |pretty )?(?:good|great|perfect|interesting|like a plan|promising|amazing|fantastic|excellent|useful)
    (?:happy|glad|pleased|delighted|open|up) (?:to|for) (?:a )?(?:talk|chat|meet|meeting|call|connect|discuss|learn|hear|jump|have|take a|explore|demo|set)\p{L}{0,3}
    (?:would|i'd|we'd|'d) (?:really )?(?:love|like) to (?:\S{1,12} )?(?:talk|chat|meet|connect|discuss|learn|hear|know|see|schedule|book|set|have a|explore|try|join|get started|arrange|understand)
    (?:would|i'd|we'd) (?:love|be up for|be open to) (?:a|it|that|this)
    look(?:ing)? forward to (?:it|our|talking|meeting|speaking|chatting|your call|the call|seeing|discussing)
    count (?:me|us) in
    i'm in
    i am in
    we're in
    (?:mondays?|tuesdays?|wednesdays?|thursdays?|fridays?|tomorrow|today|next week|this week|(?:that|this|the) (?:time|day|date|slot)|\d{1,2}(?::\d{2})? ?(?:am|pm)?|morning|afternoon|noon|that|it|either|both|any ?time) (?:(?:would|should|will|can) (?:also )?(?:work|suit|be)|(?:also )?works|suits|is (?:fine|good|great|perfect|ok|okay))
    works? (?:well |great |fine |best )?for (?:me|us)
    (?:i am|i'm|we are|we're) (?:\S{1,12} )?(?:free|available) (?:on|at|tomorrow|next|this|from|after|before|between|monday|tuesday|wednesday|thursday|friday|for|in the|any)
    (?:schedule|set up|book|arrange|organi[sz]e|have|do|hop on|jump on|get on) (?:a|an|the|our|some) (?:\S{1,12} )?(?:call|meeting|demo|chat|conversation|zoom|teams|appointment)
    (?:mondays?|tuesdays?|wednesdays?|thursdays?|fridays?|tomorrow|next week) (?:at \S{1,8} )?works?
    send (?:me |us |over |through )?(?:a|an|the|your|me a|some) (?:\S{1,12} )?(?:invite|invitation|calendar link|calendar|booking link|times|slots|contract|agreement)
    (?:give|drop) (?:me|us) a (?:call|ring|bell)
    (?:^|please |just |can you |could you |feel free to |so |then |and )call (?:me|us)(?! (?:crazy|old))
    yes(?:,| -)? (?:please|let'?s|sounds|i'd|i would|we'd|we would|sure|absolutely|definitely|of course|that (?:works|would|sounds)|happy|tell me|send|call|why not|great|(?:i am|i'm|we are|we're) (?:\S{1,12} )?(?:interested|keen|free|available|open|happy))
    how about (?:mon|tues|wednes|thurs|fri)day
    how about (?:tomorrow|next|at|\d)
    do you have (?:\S{1,14} ){0,3}?(?:minutes|time)(?: (?:on|for|to|tomorrow|next|this)|$)
    (?:book|find|grab) (?:some|a|any) (?:time|slot)
    (?:put|add)(?: \S{1,14}){1,3} (?:in|on|to) (?:my|our) calendar
    open to (?:a|having|hearing|learning) (?:\S{1,14} )?(?:conversation|call|chat|meeting|demo|more)
    absolutely(?:,|$)
    sure(?:,| -)? (?:let'?s|sounds|happy|why not|send|i'd|we can|we could)
    (?:when|what time) (?:can|could|would|are|is|do|works|suits)(?: \S{1,12}){0,3} (?:talk|meet|speak|chat|call|available|free|you|good|best)
    (?:can|could|shall|may) we (?:talk|meet|speak|chat|have a call|schedule|set up|do|jump|hop|book|arrange|connect)
    worth a (?:chat|call|conversation|look)
    please go ahead
    sign (?:me|us) up
    we(?:'d| would)? want to (?:try|buy|start|proceed)
    how do (?:we|i) (?:get started|start|sign up|proceed)
  `,
  asksForInfo: String.raw`
    how much
    what (?:is|are|would|does)(?: \S{1,20}){0,4} (?:price|prices|pricing|cost|costs|rates?|fees?)
    what'?s (?:the|your) (?:price|pricing|cost|rate)
    what do you charge
    (?:price|pricing) (?:list|sheet|info|information|details|model)
    cost per
    (?:share|send|provide)(?: \S{1,12}){0,3} (?:pricing|prices|price|quote|rates?)
    pricing$
    (?:send|share|provide|forward|give|e-?mail|shoot|sending|sharing|forwarding)(?: \S{1,12}){0,3}? (?:info|information|details?|specs|brochure|deck|presentation|proposal|quote|quotation|offer|case stud(?:y|ies)|references|examples?|materials?|documentation|overview|one-pager|one pager|more|pdf|slides|website|samples?)
    tell (?:me|us) (?:a bit |a little )?more
    (?:more|further|additional) (?:info|information|details)
    (?:learn|know|hear) more
    (?:can|could|would) you (?:please )?(?:explain|clarify|elaborate|tell me|tell us|describe|expand)
    how does (?:it|this|that|your \S{1,20}) (?:work|compare|integrate|differ)
    how is (?:it|this|that) different
    what (?:exactly )?(?:do|does) (?:you|it|your \S{1,20})(?: \S{1,12}){0,2} (?:do|offer|include|provide)
    what is included
    what'?s included
    do(?:es)? (?:you|it|your \S{1,20})(?: \S{1,12}){0,2}? (?:have|offer|support|integrate|provide|work with|include|come with)(?: .{1,60})?\?
    what (?:integrations?|features?|plans?)
    is there a (?:free )?(?:trial|demo)
    do you have (?:a |any )?(?:brochure|case studies|references|website|demo|pricing|examples)
  `,
  objects: String.raw`
    (?:too|very|quite|so|bit|rather) (?:expensive|pricey|costly|steep)
    (?:expensive|pricey) for (?:us|me)
    over (?:our |the )?budget
    out of (?:our )?(?:budget|price range)
    (?:no|not|don'?t have|without|isn'?t)(?: \S{1,12}){0,3} budget
    budget is (?:tight|limited|spent|gone)
    can(?:'?t|not) afford
    price is (?:too )?high
    (?:we|i)(?:'ve| have|'re| are)? (?:already|currently|just|recently)(?: \S{1,12}){0,2}? (?:have|has|use|using|work|working|got|signed|bought|chosen|implemented|run|running|partner|covered|subscribed|invested|switched|with)
    (?:are|been|'re|'ve been) working with (?:a|an|another|the|our|someone)
    already (?:have|use|using|working with|covered|taken care of|signed|in place)
    we use \p{L}{1,30}
    (?:have|has) (?:a|an|our|another|existing|our own)(?: \S{1,14}){0,2} (?:solution|vendor|provider|partner|supplier|agency|tool|system|team|platform|contract|product)
    (?:happy|satisfied|pleased|content|fine|good|set|sorted) with (?:our|the|what|who|my|it)
    (?:in-house|inhouse|in house|internally)
    under contract
    locked in(?:to)?
    tied (?:in|to)
    built our own
    we're all set
    we are all set
    all set
    (?:don'?t|do not|can'?t|fail to|not) see (?:the|any|how|what|why|a)(?: \S{1,12}){0,2} (?:value|benefit|point|advantage|need|roi|use)
    (?:concern|worr|hesitant|skeptical|sceptical|reluctant)\p{L}{0,5}
    security (?:concerns?|review)
    bad experience
    too (?:complex|complicated|small|big|early)
  `,
  notNow: String.raw`
    not (?:right )?(?:now|yet)
    not (?:at|for) (?:the|this) (?:moment|time|point|stage)
    not (?:a|the) (?:good|right|best|ideal) (?:time|moment)
    (?:bad|wrong) (?:time|timing)
    maybe later
    some other time
    another time
    later (?:this|in the) year
    too (?:busy|swamped|early (?:for|to))
    swamped
    no (?:capacity|bandwidth|time) (?:right now|now|at|currently|this|until)?
    (?:don'?t|do not) have (?:the )?(?:time|capacity|bandwidth|resources)
    (?:next|following) (?:quarter|year|spring|summer|autumn|fall|winter|month|fiscal year|budget cycle|season)
    (?:in|after|around|from|end of|start of|beginning of|early|late|mid|until|till|by) (?:early |late |mid |the end of |the start of )?${MONTH}
    in (?:a few|a couple of|some|two|three|four|six|twelve|\d{1,2}) (?:weeks|months|quarters|years)
    (?:in|after) the (?:new year|summer|spring|fall|autumn|holidays?|new fiscal year|second half)
    after (?:christmas|easter|summer|new year|the holidays|the break)
    down the (?:road|line)
    on hold
    (?:hiring|budget|spending) freeze
    (?:not|isn'?t|no) (?:a |our |my |currently a |currently )?(?:top )?priority
    (?:revisit|reconsider|re-?evaluate)
    (?:check|circle|reach|touch|get|come|follow|ping|try)(?: \S{1,8}){0,3}? (?:back|base|again|out|up|me|us)(?: \S{1,12}){0,3}? (?:later|next (?:quarter|year|month|spring|summer|fall)|in (?:a few|a couple|some|\d|two|three|six|the)|after|${MONTH})
  `,
  refers: String.raw`
    (?:please |you (?:should|can|could|may) )(?:contact|reach out to|speak (?:to|with)|talk (?:to|with)|e-?mail) (?!me |us |the |my |our |back )\p{L}{2,20} \p{L}{2,20}$
    (?:please |you (?:should|could|can|may|might|need to|will want to)(?: want to| please)? |best to |i suggest (?:you )?|i would |i'd |try to |better to |kindly )?(?:contact|reach out to|speak (?:to|with)|talk (?:to|with)|write to|get in touch with|connect with|address (?:this|it) to|direct (?:this|it|your \S{1,20}) to|ask|e-?mail) (?!me\b|us\b|you\b|it\b|this\b|them about|my (?:boss|team|manager|partner|wife|husband|board)|our (?:team|board)|the team|internally|everyone)(?:\S{1,60} ){0,6}?(?:instead|\S{1,60}@\S{1,80}|colleague|who (?:is|handles|runs|manages|leads|looks)|(?:he|she) (?:is|handles|runs|manages|leads|looks)|(?:our|the) (?:\S{1,20} ){0,2}(?:team|department|manager|director|head|office)|about (?:this|that|it)|for (?:this|that|these)|regarding this)
    (?:the )?(?:right|best|correct|appropriate|better) (?:person|contact|one)(?: \S{1,12}){0,5}? (?:is|would be|will be|might be)(?! not)
    (?:forward|pass|hand|shar|sent|send|direct|refer)(?:ed|ing|s)? (?:this|your|it|the|you)(?: \S{1,12}){0,3}? (?:on )?to (?:my|our|the|a|his|her|\S{1,40}@|\p{L}{2,20},? (?:who|our|in|from|head))
    (?:cc'?ing|cc'?d|copying|copied|looping in|looped in|adding|added) (?:in )?(?!you)\S{2,40}
    (?:handles|takes care of|is responsible for|is in charge of|deals with|looks after|oversees|manages|is the one for|decides on|makes) (?:this|that|these|it|our|all|such|those)
  `,
  wrongPerson: String.raw`
    wrong (?:person|contact|address|e-?mail|company|department|guy|recipient)
    (?:not|isn'?t|aren'?t) (?:\S{1,12} )?(?:right|correct|best|appropriate|relevant) (?:person|contact|one|recipient|department|address)
    no longer (?:with|at|work(?:s|ing)?|employed|part of|responsible|in (?:this|that|the) (?:role|position|company)|handle|involved)
    (?:don'?t|doesn'?t|do not|does not) work (?:here|there|for|at|with) (?:\S{1,20} )?(?:any ?more|any longer)?
    (?:has|have|had|i've|he's|she's) (?:\S{1,10} )?left (?:the|our|us|that|this|\p{L}{2,30})
    left the (?:company|organi[sz]ation|firm|team|business)
    (?:don'?t|do not|doesn'?t) (?:handle|deal with|manage|oversee|look after|take care of|make (?:those|these|that|any)|decide|work (?:in|on) (?:this|that|these))
    (?:not|isn'?t) (?:responsible|in charge|my (?:area|department|responsibility|decision|role|job|field))
    (?:has|have|is|am|he'?s|she'?s) (?:\S{1,10} )?retired
    passed away
    deceased
    (?:have|got|reached) the wrong
    (?:i|he|she) left (?!a |an |you|it|my|some|message|no |your)\p{L}{2,30}
    wrong number
    not the (?:decision ?-?maker|one who)
  `,
  refuses: String.raw`
    no[,.]? ?(?:but )?(?:thanks|thank you|thx|ty)(?! for)
    thanks[,.]? but no(?: thanks)?
    but no thanks
    (?:not|isn'?t|aren'?t|won'?t be) (?:really |quite |something |a good |a great |the right |a |relevant |of )?(?:fit|match|relevant|applicable|interest|for (?:us|me)|needed|necessary|required)
    not in need of
    (?:don'?t|do not) think (?:this|it|that|we|there)(?: \S{1,12}){0,4} (?:fit|match|relevant|for us|for me|need|interest|right for us)
    but no$
    (?:we're|we are|i'm|i am|all) good,?(?: thanks| thank you|$)
    not (?:something|anything) (?:we|i)(?:'re| are|'m| am|'d| would)?
    (?:i'?ll|we'?ll|i will|we will|i'?m going to|we'?re going to|gonna|have to|must|i|we) (?:have to |respectfully )?(?:pass|decline)
    (?:hard |easy )?pass(?: on this)?$
    no (?:need|interest|use)
    (?:don'?t|do not|doesn'?t|won'?t) (?:need|require|want)(?! (?:to|you))
    (?:don'?t|do not|doesn'?t) want to (?:continue|proceed|pursue|buy|waste|change|switch|engage)
    (?:not|aren'?t|isn'?t) (?:\S{1,12} )?(?:looking|in the market|shopping|considering|pursuing|seeking)
    won'?t be (?:moving|proceeding|going|pursuing)
    (?:not|never) (?:going to|gonna) (?:happen|work|buy)
    nope
    waste (?:of|my|our) (?:my )?time
    (?:this is|it'?s|reported as|mark(?:ed|ing)?(?: \S{1,12})? as|just|such|more) (?:spam|junk)
    decided (?:against|not to)
    gone with (?:another|a different|someone|somebody)
    chosen (?:another|a different)
    went with (?:another|a different|someone)
    hate this
    do not see a fit
    don'?t see a fit
    never (?:heard|asked)
    no way
    absolutely not
    definitely not
    certainly not
  `,
  neutral: String.raw`
    (?:duly )?noted
    (?:got|received) (?:it|this|your (?:e-?mail|message|mail))
    (?:i'?ll|we'?ll|i will|we will|will|let me|let us|need to|going to|have to) (?:\S{1,12} )?(?:review|take a look|have a look|look (?:at|into|over)|look it over|think|consider|read|check|discuss|run (?:this|it)|share (?:this|it)|get back|come back|let you know|be in touch|get in touch|reach out|revert|keep)
    keep (?:this|it|you|your)(?: \S{1,12}){0,3} (?:on file|in mind|for (?:later|future|reference))
    for your information
    fyi
    acknowledged
    thanks? for (?:the (?:info|information|update|heads up|note|reminder)|letting (?:me|us) know|sharing)
  `,
  unsure: String.raw`
    (?:not|isn'?t|am not|aren'?t) (?:\S{1,12} )?(?:sure|certain|convinced)
    unsure
    undecided
    (?:don'?t|do not) (?:really )?know(?: if| whether| yet|$)
    hard to say
    (?:may|might|could) (?:\S{1,10} )?be interest(?:ed|ing)
    (?:would|i'd|we'd) be (?:\S{1,12} )?interested (?:if|but|only)
    interested if
    only if
    unless
    it depends
    depends on
    depending on
    provided (?:that|you)
    on the fence
    maybe
    perhaps
    possibly
    i guess
    i suppose
    we'll see
    who are you
    less than
    should(?: i| we)? be interested
    explain why
    if you(?! (?:(?:like|want|wish|can|could|prefer)(?=$|[.,!]| to)|have|are|would|'d))
    ^(?:no|nein|non|nao|nee|naw|nah)$
    doubt(?:ful)?
    spam\p{L}{0,6}
    (?:sooner|rather) .{1,40} than
    how did you (?:get|find)
    where did you (?:get|find)
    how you (?:got|found|obtained)
    where you (?:got|found)
    do i know you
    what is this (?:about|regarding)
    is this (?:a )?(?:spam|real|automated|a bot)
    used to be
    (?:was|were) interested
    had been interested
  `,
  mocks: String.raw`
    yeah right
    as if
    yeah,? sure
    sure,? because
    (?:oh|wow)[, ]{1,2}(?:great|wonderful|joy|good|nice|fantastic|another)
    (?:great|wonderful|fantastic|lovely|nice|just what (?:i|we) (?:needed|wanted))[,.]? another
    just what (?:i|we) (?:always )?(?:needed|wanted)
    (?:lol|lmao|rofl|haha\p{L}{0,6}|hahaha\p{L}{0,10})
    /s
    how original
    thrilled
    can(?:'?t| not) wait to (?:be spammed|delete|ignore)
    good luck with that
    nice try
    in your dreams
    when hell freezes
    over my dead body
    are you (?:kidding|serious|joking)
    you must be joking
    very funny
    what a joke
  `,
  harmlessNegation: String.raw`
    no (?:problem|worries|doubt|rush|issue|hurry)
    not a problem
    why not
    not only
    no later than
    don'?t hesitate
  `,
  yourInterest: String.raw`
    (?:if|whether|in case|when|are|would|should) you(?:'re| are| were| be)?(?: \S{1,12}){0,3} interest(?:ed)?
    your interest
    conflict of interest
    interest rates?
  `,
};
