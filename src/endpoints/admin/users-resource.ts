import { z } from 'zod';
import type { UserAttribute } from '../../domain/user-attributes/user-attribute.ts';
import { readableCustom } from '../../domain/users/custom-attributes.ts';
import { CUSTOM } from '../../domain/users/custom-input.ts';
import { ENTERPRISE, enterpriseInput } from '../../domain/users/enterprise-input.ts';
import { isPersonInForce, statusAt, USER_STATUSES } from '../../domain/users/standing.ts';
import type { User } from '../../domain/users/user.ts';
import { userInput } from '../../domain/users/user-input.ts';

const { emails: _, [ENTERPRISE]: __, ...attributes } = userInput.shape;

/** A person as the admin API shows them: the SCIM attribute names, with `id`. */
export const userResource = z.object({
  id: z.uuid(),
  ...attributes,
  active: z.boolean().describe('Whether they are let in at the moment of the answer.'),
  status: z.enum(USER_STATUSES).describe('At the moment of the answer: a first or last day that has come counts.'),
  startsAt: z.exactOptional(z.iso.datetime()),
  endsAt: z.exactOptional(z.iso.datetime()),
  emails: z.array(
    z.object({
      value: z.string(),
      display: z.exactOptional(z.string()),
      type: z.exactOptional(z.string()),
      primary: z.boolean(),
      verified: z.boolean(),
    }),
  ),
  [ENTERPRISE]: z.exactOptional(
    enterpriseInput.extend({
      manager: z.exactOptional(z.object({ value: z.uuid(), displayName: z.exactOptional(z.string()) })),
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
export function presentUser(user: User, at: Date, definitions: readonly UserAttribute[]): Record<string, unknown> {
  return {
    id: user.id,
    userName: user.userName,
    externalId: user.externalId,
    active: isPersonInForce(user, at),
    status: statusAt(user, at),
    startsAt: user.startsAt?.toISOString(),
    endsAt: user.endsAt?.toISOString(),
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
    ims: user.ims,
    entitlements: user.entitlements,
    x509Certificates: user.x509Certificates,
    [ENTERPRISE]: presentEnterprise(user),
    [CUSTOM]: readableCustom(definitions, user[CUSTOM], 'admin'),
    accessValidFrom: user.accessValidFrom?.toISOString(),
    version: user.version,
    createdAt: user.createdAt.toISOString(),
    updatedAt: user.updatedAt.toISOString(),
  };
}

function presentEnterprise({ [ENTERPRISE]: enterprise, managerDisplayName }: User): object | undefined {
  if (enterprise?.manager === undefined) return enterprise;
  return { ...enterprise, manager: { ...enterprise.manager, displayName: managerDisplayName } };
}
