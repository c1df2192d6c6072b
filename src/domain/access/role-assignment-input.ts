import { z } from 'zod';
import type { ClientId, GroupId, RoleId, UserId } from '../../kernel/ids.ts';
import { blockOfText, lineOfText, moment } from '../users/attribute-types.ts';

const idOf = <Id extends string>() =>
  z.guid('expected the id of an existing one').transform((text) => text.toLowerCase() as Id);
const clientId = lineOfText(256).transform((text) => text as ClientId);
const startsAt = moment.nullable().describe('In force from this moment on; absent or null: at once.');
const endsAt = moment.nullable().describe('In force until just before this moment; absent or null: without an end.');
const reason = blockOfText(1000).nullable();

/** An absent subject and a null one mean the same. */
const subject = <Id extends z.ZodType>(schema: Id) => z.exactOptional(z.nullable(schema));

type Period = { readonly startsAt?: Date | null | undefined; readonly endsAt?: Date | null | undefined };
const isPeriod = ({ startsAt: from, endsAt: to }: Period): boolean => !from || !to || from < to;
const PERIOD_FAULT = { path: ['endsAt'], error: 'expected a moment after startsAt' };

export const roleAssignmentInput = z
  .strictObject({
    roleId: idOf<RoleId>(),
    userId: subject(idOf<UserId>()),
    groupId: subject(idOf<GroupId>()),
    clientId: subject(clientId),
    startsAt: z.exactOptional(startsAt),
    endsAt: z.exactOptional(endsAt),
    reason: z.exactOptional(reason),
  })
  .refine(({ userId, groupId, clientId }) => [userId, groupId, clientId].filter(Boolean).length === 1, {
    path: ['userId'],
    error: 'expected exactly one of userId, groupId and clientId',
  })
  .refine(isPeriod, PERIOD_FAULT);

/** A change by JSON merge patch (RFC 7396); who has which role does not change, that is another assignment. */
export const roleAssignmentPatch = z
  .strictObject({
    startsAt: z.exactOptional(startsAt),
    endsAt: z.exactOptional(endsAt),
    reason: z.exactOptional(reason),
  })
  .refine(isPeriod, PERIOD_FAULT);

export type RoleAssignmentInput = z.output<typeof roleAssignmentInput>;
export type RoleAssignmentPatch = z.output<typeof roleAssignmentPatch>;
