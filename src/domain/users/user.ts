import type { UserId } from '../../kernel/ids.ts';
import { CUSTOM } from './custom-input.ts';
import { ENTERPRISE } from './enterprise-input.ts';
import type { Standing } from './standing.ts';
import type { UserInput } from './user-input.ts';

/**
 * The users room owns who exists: the SCIM core and enterprise attributes of a person, whether they are let in, and the moment before which
 * sessions and tokens of theirs no longer count. It does not own passwords, groups, roles or sessions.
 */
export type Email = {
  readonly value: string;
  readonly display?: string;
  readonly type?: string;
  readonly primary: boolean;
  readonly verified: boolean;
};

/** A whole person for a creation; lists that are left out are empty, and a person is active unless told. */
export type NewUser = Readonly<Omit<UserInput, Defaulted>> & Partial<Readonly<Pick<UserInput, Defaulted>>>;
type Defaulted = 'emails' | ListAttribute;
type OfStanding = 'active' | keyof Standing;
type ListAttribute = 'phoneNumbers' | 'addresses' | 'photos' | 'ims' | 'entitlements' | 'x509Certificates';

/** What can be said about a person from outside, in the form in which it is kept. */
export type UserAttributes = Readonly<Omit<UserInput, OfStanding | 'emails'>> & { readonly emails: readonly Email[] };

export type User = UserAttributes &
  Standing & {
    readonly id: UserId;
    /** Read-only (RFC 7643 §4.3): what the manager is called. */
    readonly managerDisplayName: string | undefined;
    /** The organization that manages the account, if one does: pages and mails look like it. */
    readonly homeOrganizationId?: string | undefined;
    /** Sessions and tokens that began before this moment are refused wherever they are presented. */
    readonly accessValidFrom: Date | undefined;
    readonly version: number;
    readonly createdAt: Date;
    readonly updatedAt: Date;
  };

/** The e-mail address to use where there can be only one. */
export const primaryEmail = (user: Pick<User, 'emails'>): Email | undefined =>
  user.emails.find((email) => email.primary) ?? user.emails[0];

/** RFC 7643 §2.4: one address is primary at most; the first one when nothing was said of it. */
export function keptAttributes(person: NewUser): UserAttributes {
  const { active: _, status: __, startsAt: ___, endsAt: ____, name, ...rest } = person;
  const { [ENTERPRISE]: enterprise, [CUSTOM]: custom, ...input } = rest;
  const { emails = [], phoneNumbers = [], addresses = [], photos = [] } = input;
  const { ims = [], entitlements = [], x509Certificates = [] } = input;
  const isMarked = emails.some((email) => email.primary);
  return {
    ...input,
    ...(name !== undefined && Object.keys(name).length > 0 ? { name } : {}),
    ...(enterprise !== undefined && Object.keys(enterprise).length > 0 ? { [ENTERPRISE]: enterprise } : {}),
    ...(custom !== undefined && Object.keys(custom).length > 0 ? { [CUSTOM]: custom } : {}),
    emails: emails.map((email, index) => ({
      ...email,
      primary: isMarked ? email.primary === true : index === 0 && email.primary === undefined,
      verified: email.verified === true,
    })),
    phoneNumbers,
    addresses,
    photos,
    ims,
    entitlements,
    x509Certificates,
  };
}

/** A person without what only the product says of them. */
export function attributesOf({
  id: _,
  status: __,
  startsAt: ___,
  endsAt: ____,
  managerDisplayName: _____,
  homeOrganizationId: __________,
  accessValidFrom: ______,
  version: _______,
  createdAt: ________,
  updatedAt: _________,
  ...attributes
}: User): UserAttributes {
  return attributes;
}
