// A quoted line of format=flowed text that ended in a space took the answer below it into the quote: the opt-out was never read.
import { expect, test } from "vitest";
import { unsubscribeRequest } from "../../src/core/unsubscribe-request.ts";
import { visibleReply } from "../../src/core/visible-reply.ts";
import { parseMail } from "../../src/mail/parse.ts";

const REPLY = `From: kim@bakery.example
To: anna@team.example
Subject: Re: Repairs
Message-ID: <answer@bakery.example>
Content-Type: text/plain; charset=utf-8; format=flowed

On 24/11/2026 10:00, Anna wrote: 
> Who looks after repairs 
> at your bakery? 
Please unsubscribe me.
`;

test("an opt-out below a quoted line that ends in a space is read", async () => {
  const mail = await parseMail(Buffer.from(REPLY.replaceAll("\n", "\r\n")));
  const newText = visibleReply(mail);
  expect(newText.trim()).toBe("Please unsubscribe me.");
  expect(unsubscribeRequest({ newText, subject: mail.subject })).not.toBeNull();
});
