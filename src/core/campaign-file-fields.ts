// What a single value in a campaign file may be: a line, a delay, a day, a window. Each says what it must be when it is not.
import { z } from "zod";
import { windowOf } from "./campaign-file-checks.ts";
import { parseEmailAddress } from "./email-address.ts";
import { type Delay, isZone, type SendingWindow } from "./sending-window.ts";
import {
  DAYS,
  DURATION,
  HOLIDAY,
  HOURS,
  inMinutes,
  isDay,
  LOCAL_DAY,
  LOCAL_TIME,
  readDuration,
  readHours,
  readLocalTime,
  STEP_DELAY,
} from "./written-time.ts";

export const line = (most: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(most)
    .regex(/^[^\r\n]*$/, "must be a single line");
const delay = (form: z.ZodString, most: number, what: string) =>
  form.transform((text, context): Delay => {
    const read = readDuration(text);
    if (read && inMinutes(read) <= most) return read;
    context.addIssue(`is too long: ${what}`);
    return z.NEVER;
  });
export const duration = (most: number, what: string) =>
  delay(z.string().regex(DURATION, "must be a duration such as `3 days`, `2 days 4 hours` or `20 minutes`"), most, what);
export const stepDelay = delay(
  z.string().regex(STEP_DELAY, "must be a delay such as `3 days`, `2 working days` or `20 minutes`"),
  365 * 1_440,
  "at most 365 days",
);
export const zone = z.string().refine(isZone, "must be an IANA time zone such as `Europe/Berlin`");
export const localTime = z
  .string()
  .regex(LOCAL_TIME, "must be a local time such as `2026-03-02 09:00`")
  .refine((text) => !LOCAL_TIME.test(text) || readLocalTime(text, "UTC") !== null, "is no time that exists");
export const holiday = z
  .string()
  .regex(HOLIDAY, "must be a day such as `2026-12-24`, or a country or subdivision such as `DE` or `US-CA`")
  .refine((text) => !LOCAL_DAY.test(text) || isDay(text), "is no day that exists");
export const address = z.string().transform((text, context) => {
  const parsed = parseEmailAddress(text);
  if (parsed) return parsed;
  context.addIssue("must be a bare email address such as `anna@team.example`");
  return z.NEVER;
});

const hours = z
  .union([z.string().regex(HOURS), z.array(z.string().regex(HOURS)).max(6)], {
    error: "must be hours such as `09:00-17:00`, or a list of them",
  })
  .transform((written, context) => {
    const openings = [written].flat().flatMap((text) => {
      const read = readHours(text);
      if (read === null) context.addIssue(`${text} ends before it starts`);
      return read ?? [];
    });
    return openings;
  });
export const window = z
  .record(z.string().regex(DAYS), hours)
  .transform(
    (written, context): SendingWindow => windowOf(written, (key, message) => context.addIssue({ code: "custom", path: [key], message })),
  );
