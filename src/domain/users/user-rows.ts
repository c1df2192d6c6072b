import type { UserId } from '../../kernel/ids.ts';
import { comparisonKey } from '../../kernel/text.ts';
import type { Email, User, UserAttributes } from './user.ts';
import type { UserEmailRow, UserRow } from './users-table.ts';

/** The columns of one person, e-mail addresses included, under the names of {@link StoredUser}; `u` is the users table. */
export const USER_COLUMNS = /* sql */ `
  u.id, u.user_name AS "userName", u.external_id AS "externalId", u.active, u.formatted_name AS "formattedName",
  u.family_name AS "familyName", u.given_name AS "givenName", u.middle_name AS "middleName",
  u.honorific_prefix AS "honorificPrefix", u.honorific_suffix AS "honorificSuffix", u.display_name AS "displayName",
  u.nick_name AS "nickName", u.profile_url AS "profileUrl", u.title, u.user_type AS "userType",
  u.preferred_language AS "preferredLanguage", u.locale, u.timezone, u.gender, u.birthdate, u.website,
  u.phone_numbers AS "phoneNumbers", u.addresses, u.photos, u.access_valid_from AS "accessValidFrom", u.version,
  u.created_at AS "createdAt", u.updated_at AS "updatedAt",
  (SELECT coalesce(jsonb_agg(jsonb_strip_nulls(jsonb_build_object('value', e.value, 'type', e.type, 'primary', e.is_primary,
     'verified', e.is_verified)) ORDER BY e.position), '[]') FROM user_emails e WHERE e.user_id = u.id) AS emails`;

export type StoredUser = Omit<
  UserRow,
  'userNameKey' | 'familyNameKey' | 'givenNameKey' | 'displayNameKey' | 'phoneNumbers' | 'addresses' | 'photos'
> &
  Pick<UserAttributes, 'phoneNumbers' | 'addresses' | 'photos'> & { readonly emails: readonly Email[] };

/** An object without the members that have no value. */
function present<T extends Readonly<Record<string, string | null>>>(members: T): { [Name in keyof T]?: string } {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== null)) as {
    [Name in keyof T]?: string;
  };
}

export function userOf(row: StoredUser): User {
  const { id, userName, active, emails, phoneNumbers, addresses, photos, version, createdAt, updatedAt } = row;
  const name = present({
    formatted: row.formattedName,
    familyName: row.familyName,
    givenName: row.givenName,
    middleName: row.middleName,
    honorificPrefix: row.honorificPrefix,
    honorificSuffix: row.honorificSuffix,
  });
  const { externalId, displayName, nickName, profileUrl, title, userType, preferredLanguage } = row;
  const { locale, timezone, gender, birthdate, website } = row;
  return {
    id: id as UserId,
    userName,
    active,
    ...present({ externalId }),
    ...(Object.keys(name).length > 0 ? { name } : {}),
    ...present({ displayName, nickName, profileUrl, title, userType, preferredLanguage }),
    ...present({ locale, timezone, gender, birthdate, website }),
    emails,
    phoneNumbers,
    addresses,
    photos,
    accessValidFrom: row.accessValidFrom ?? undefined,
    version,
    createdAt,
    updatedAt,
  };
}

type AttributeColumns = Omit<UserRow, 'id' | 'active' | 'accessValidFrom' | 'version' | 'createdAt' | 'updatedAt'>;

const keyOf = (text: string | undefined): string | null => (text === undefined ? null : comparisonKey(text));

export function attributeColumns(user: UserAttributes): AttributeColumns {
  return {
    userName: user.userName,
    userNameKey: comparisonKey(user.userName),
    externalId: user.externalId ?? null,
    formattedName: user.name?.formatted ?? null,
    familyName: user.name?.familyName ?? null,
    familyNameKey: keyOf(user.name?.familyName),
    givenName: user.name?.givenName ?? null,
    givenNameKey: keyOf(user.name?.givenName),
    middleName: user.name?.middleName ?? null,
    honorificPrefix: user.name?.honorificPrefix ?? null,
    honorificSuffix: user.name?.honorificSuffix ?? null,
    displayName: user.displayName ?? null,
    displayNameKey: keyOf(user.displayName),
    nickName: user.nickName ?? null,
    profileUrl: user.profileUrl ?? null,
    title: user.title ?? null,
    userType: user.userType ?? null,
    preferredLanguage: user.preferredLanguage ?? null,
    locale: user.locale ?? null,
    timezone: user.timezone ?? null,
    gender: user.gender ?? null,
    birthdate: user.birthdate ?? null,
    website: user.website ?? null,
    phoneNumbers: user.phoneNumbers,
    addresses: user.addresses,
    photos: user.photos,
  };
}

export const emailRows = (userId: UserId, emails: readonly Email[]): UserEmailRow[] =>
  emails.map((email, position) => ({
    userId,
    position,
    value: email.value,
    valueKey: comparisonKey(email.value),
    type: email.type ?? null,
    isPrimary: email.primary,
    isVerified: email.verified,
  }));
