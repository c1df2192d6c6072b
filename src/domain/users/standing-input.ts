import { z } from 'zod';
import { invalid } from '../../kernel/errors.ts';
import { moment } from './attribute-types.ts';
import { type Standing, USER_STATUSES } from './standing.ts';

const startsAt = moment.describe('They are let in from this moment on.');
const endsAt = moment.describe('They are let in until just before this moment.');

const both = {
  active: z
    .exactOptional(z.boolean())
    .describe(
      'Whether they are let in now. True opens at once, a first day still to come notwithstanding; false is the status inactive.',
    ),
  status: z
    .exactOptional(z.enum(USER_STATUSES))
    .describe('staged: opens on the day in startsAt, or by hand; suspended: out for a while; inactive: gone.'),
};

/** In a creation: active unless told, staged with a first day to come. */
export const standingShape = { ...both, startsAt: z.exactOptional(startsAt), endsAt: z.exactOptional(endsAt) };

export const standingPatchShape = {
  ...both,
  startsAt: z.exactOptional(startsAt.nullable()),
  endsAt: z.exactOptional(endsAt.nullable()),
};

export type StandingPatch = Partial<z.output<z.ZodObject<typeof standingPatchShape>>>;

/** The part of a change that is about whether they are let in, and the rest. */
export function splitStanding<Patch extends StandingPatch>(patch: Patch) {
  const { active, status, startsAt: from, endsAt: to, ...rest } = patch;
  const standing: StandingPatch = {
    ...(active === undefined ? {} : { active }),
    ...(status === undefined ? {} : { status }),
    ...(from === undefined ? {} : { startsAt: from }),
    ...(to === undefined ? {} : { endsAt: to }),
  };
  return { standing, rest };
}

/** Throws `invalid('users.invalid')` for a contradiction. */
export function firstStanding(input: StandingPatch, now: Date): Standing {
  const isStaged = input.startsAt instanceof Date && input.startsAt > now && input.active !== false;
  return nextStanding({ status: isStaged ? 'staged' : 'active', startsAt: undefined, endsAt: undefined }, input, now);
}

/** What a change makes of a person's standing. Throws `invalid('users.invalid')` for a contradiction. */
export function nextStanding(before: Standing, patch: StandingPatch, now: Date): Standing {
  assertNoContradiction(patch);
  const status = patch.status ?? statusFor(patch, before);
  const given = {
    startsAt: patch.startsAt === undefined ? before.startsAt : (patch.startsAt ?? undefined),
    endsAt: patch.endsAt === undefined ? before.endsAt : (patch.endsAt ?? undefined),
  };
  const isSaid = patch.status !== undefined || patch.active !== undefined;
  const next = { status, ...(isSaid ? withoutWhatContradicts(status, given, patch, now) : given) };
  assertNoContradiction({ startsAt: next.startsAt, endsAt: next.endsAt });
  return next;
}

function statusFor({ active }: StandingPatch, before: Standing): Standing['status'] {
  if (active === undefined) return before.status;
  // A first day to come that is said together with "active" is meant: SCIM clients send active with everything.
  return active ? 'active' : 'inactive';
}

type Period = Pick<Standing, 'startsAt' | 'endsAt'>;

/** Whoever says "active" means now, and "staged" not yet: a date from before that says otherwise goes. */
function withoutWhatContradicts(
  status: Standing['status'],
  { startsAt: from, endsAt: to }: Period,
  patch: StandingPatch,
  now: Date,
): Period {
  const isOpening = status === 'active';
  const isFromOver = from !== undefined && patch.startsAt === undefined && (isOpening ? from > now : from <= now);
  const isToOver = to !== undefined && patch.endsAt === undefined && to <= now;
  return {
    startsAt: (isOpening || status === 'staged') && isFromOver ? undefined : from,
    endsAt: (isOpening || status === 'staged') && isToOver ? undefined : to,
  };
}

type Said = { [Name in keyof StandingPatch]: StandingPatch[Name] | undefined };

export function contradictionIn({ active, status, startsAt: from, endsAt: to }: Said) {
  if (active !== undefined && status !== undefined && active !== (status === 'active'))
    return { attribute: 'active', detail: 'expected active or status, or both saying the same' };
  if (from && to && from >= to) return { attribute: 'endsAt', detail: 'expected a moment after startsAt' };
  return undefined;
}

function assertNoContradiction(said: Said): void {
  const fault = contradictionIn(said);
  if (fault === undefined) return;
  const { attribute, detail } = fault;
  const faults = [{ pointer: `/${attribute}`, code: 'custom', detail }];
  throw invalid('users.invalid', { detail: 'the input is not as expected', faults });
}
