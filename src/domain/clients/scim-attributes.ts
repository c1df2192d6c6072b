import { z } from 'zod';
import { resolvePath } from '../directory-filter/resolve-path.ts';
import { CUSTOM } from '../users/custom-input.ts';
import { userShape } from '../users/user-schema.ts';
import { withoutRepetition } from './text-input.ts';

/** Groups are a higher room: their attributes are named here (RFC 7643 §4.2). */
const GROUP = /^urn:ietf:params:scim:schemas:core:2\.0:Group:(externalId|displayName|members)$/i;
const OWN = new RegExp(`^${CUSTOM.replaceAll('.', '\\.')}(?::[A-Za-z][A-Za-z0-9_-]{0,63})?$`, 'i');

function isKnown(text: string): boolean {
  if (GROUP.test(text) || OWN.test(text)) return true;
  const found = resolvePath(text, userShape);
  return 'extension' in found || ('path' in found && found.path.sub === undefined);
}

/** The attributes a provisioning client is limited to. */
export const scimAttributes = withoutRepetition(
  z.string().max(256).refine(isKnown, 'expected an attribute of people or groups, such as userName'),
  200,
);
