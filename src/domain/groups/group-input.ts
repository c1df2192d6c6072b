import { z } from 'zod';
import { keyedText, lineOfText } from '../users/attribute-types.ts';

const displayName = keyedText(256).describe('Unique without regard to case; it is what the `groups` claim holds.');
const externalId = lineOfText(256);

/** RFC 7643 §4.2. Members are added and removed by their own calls. */
export const groupInput = z.strictObject({ displayName, externalId: z.exactOptional(externalId) });

/** A change by JSON merge patch (RFC 7396). */
export const groupPatch = z.strictObject({
  displayName: z.exactOptional(displayName),
  externalId: z.exactOptional(z.nullable(externalId)),
});

export type GroupInput = z.output<typeof groupInput>;
export type GroupPatch = z.output<typeof groupPatch>;
