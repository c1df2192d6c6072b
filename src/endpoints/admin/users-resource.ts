import { z } from 'zod';
import type { User } from '../../domain/users/user.ts';
import { userInput } from '../../domain/users/user-input.ts';

const { emails: _, ...attributes } = userInput.shape;

/** A person as the admin API shows them: the SCIM attribute names, with `id`. */
export const userResource = z.object({
  id: z.uuid(),
  ...attributes,
  emails: z.array(
    z.object({
      value: z.string(),
      type: z.exactOptional(z.string()),
      primary: z.boolean(),
      verified: z.boolean(),
    }),
  ),
  accessValidFrom: z
    .exactOptional(z.iso.datetime())
    .describe('Sessions and tokens that began before this moment are refused.'),
  version: z.int().describe('The number in the ETag.'),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
});

/** Attribute by attribute, so that nothing is shown that was not meant to be. */
export function presentUser(user: User): Record<string, unknown> {
  return {
    id: user.id,
    userName: user.userName,
    externalId: user.externalId,
    active: user.active,
    name: user.name,
    displayName: user.displayName,
    nickName: user.nickName,
    profileUrl: user.profileUrl,
    title: user.title,
    userType: user.userType,
    preferredLanguage: user.preferredLanguage,
    locale: user.locale,
    timezone: user.timezone,
    gender: user.gender,
    birthdate: user.birthdate,
    website: user.website,
    emails: user.emails,
    phoneNumbers: user.phoneNumbers,
    addresses: user.addresses,
    photos: user.photos,
    accessValidFrom: user.accessValidFrom?.toISOString(),
    version: user.version,
    createdAt: user.createdAt.toISOString(),
    updatedAt: user.updatedAt.toISOString(),
  };
}
