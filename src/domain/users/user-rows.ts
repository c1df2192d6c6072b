import type { UserId } from '../../kernel/ids.ts';
import { comparisonKey } from '../../kernel/text.ts';
import { CUSTOM, type CustomAttributes } from './custom-input.ts';
import { ENTERPRISE } from './enterprise-input.ts';
import type { Standing } from './standing.ts';
import type { Email, User, UserAttributes } from './user.ts';
import type { UserEmailRow, UserRow } from './users-table.ts';

/** The columns of one person, e-mail addresses included, under the names of {@link StoredUser}; `u` is the users table. */
export const USER_COLUMNS = /* sql */ `
  u.id, u.user_name AS "userName", u.external_id AS "externalId", u.status,
  u.starts_at AS "startsAt", u.ends_at AS "endsAt", u.formatted_name AS "formattedName",
  u.family_name AS "familyName", u.given_name AS "givenName", u.middle_name AS "middleName",
  u.honorific_prefix AS "honorificPrefix", u.honorific_suffix AS "honorificSuffix", u.display_name AS "displayName",
  u.nick_name AS "nickName", u.profile_url AS "profileUrl", u.title, u.user_type AS "userType",
  u.preferred_language AS "preferredLanguage", u.locale, u.timezone, u.gender, u.birthdate, u.website,
  u.phone_numbers AS "phoneNumbers", u.addresses, u.photos, u.ims, u.entitlements,
  u.x509_certificates AS "x509Certificates", u.employee_number AS "employeeNumber", u.cost_center AS "costCenter",
  u.organization, u.division, u.department, u.manager_id AS "managerId", (SELECT coalesce(m.display_name, m.formatted_name,
    nullif(concat_ws(' ', m.given_name, m.family_name), '')) FROM users m WHERE m.id = u.manager_id) AS "managerDisplayName",
  u.custom_attributes AS "customAttributes", u.home_organization_id AS "homeOrganizationId", u.access_valid_from AS "accessValidFrom", u.version,
  u.created_at AS "createdAt", u.updated_at AS "updatedAt",
  (SELECT coalesce(jsonb_agg(jsonb_strip_nulls(jsonb_build_object('value', e.value, 'display', e.display, 'type', e.type, 'primary', e.is_primary,
     'verified', e.is_verified)) ORDER BY e.position), '[]') FROM user_emails e WHERE e.user_id = u.id) AS emails`;

type Lists = 'phoneNumbers' | 'addresses' | 'photos' | 'ims' | 'entitlements' | 'x509Certificates';

export type StoredUser = Omit<UserRow, `${string}Key` | Lists | 'customAttributes'> &
  Pick<UserAttributes, Lists> & {
    readonly emails: readonly Email[];
    readonly customAttributes: CustomAttributes;
    readonly managerDisplayName: string | null;
    readonly homeOrganizationId?: string | null;
  };

/** An object without the members that have no value. */
function present<T extends Readonly<Record<string, string | null>>>(members: T): { [Name in keyof T]?: string } {
  const there: { [Name in keyof T]?: string } = {};
  for (const name in members) {
    const value: string | null = members[name] ?? null;
    if (value !== null) there[name] = value;
  }
  return there;
}

export function userOf(row: StoredUser): User {
  const { id, userName, status, version, createdAt, updatedAt } = row;
  const { emails, phoneNumbers, addresses, photos, ims, entitlements, x509Certificates } = row;
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
  const enterprise = enterpriseOf(row);
  return {
    id: id as UserId,
    userName,
    status,
    startsAt: row.startsAt ?? undefined,
    endsAt: row.endsAt ?? undefined,
    ...present({ externalId }),
    ...(Object.keys(name).length > 0 ? { name } : {}),
    ...present({ displayName, nickName, profileUrl, title, userType, preferredLanguage }),
    ...present({ locale, timezone, gender, birthdate, website }),
    emails,
    phoneNumbers,
    addresses,
    photos,
    ims,
    entitlements,
    x509Certificates,
    ...(Object.keys(enterprise).length > 0 ? { [ENTERPRISE]: enterprise } : {}),
    ...(Object.keys(row.customAttributes).length > 0 ? { [CUSTOM]: row.customAttributes } : {}),
    managerDisplayName: row.managerDisplayName ?? undefined,
    homeOrganizationId: row.homeOrganizationId ?? undefined,
    accessValidFrom: row.accessValidFrom ?? undefined,
    version,
    createdAt,
    updatedAt,
  };
}

function enterpriseOf(row: StoredUser): NonNullable<UserAttributes[typeof ENTERPRISE]> {
  const { employeeNumber, costCenter, organization, division, department, managerId } = row;
  return {
    ...present({ employeeNumber, costCenter, organization, division, department }),
    ...(managerId === null ? {} : { manager: { value: managerId } }),
  };
}

type AttributeColumns = Omit<
  UserRow,
  'id' | keyof Standing | 'accessValidFrom' | 'version' | 'createdAt' | 'updatedAt'
>;

const keyOf = (text: string | undefined): string | null => (text === undefined ? null : comparisonKey(text));

export function attributeColumns(user: UserAttributes): AttributeColumns {
  const { phoneNumbers, addresses, photos, ims, entitlements, x509Certificates } = user;
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
    titleKey: keyOf(user.title),
    userType: user.userType ?? null,
    userTypeKey: keyOf(user.userType),
    preferredLanguage: user.preferredLanguage ?? null,
    locale: user.locale ?? null,
    timezone: user.timezone ?? null,
    gender: user.gender ?? null,
    birthdate: user.birthdate ?? null,
    website: user.website ?? null,
    phoneNumbers,
    addresses,
    photos,
    ims,
    entitlements,
    x509Certificates,
    customAttributes: user[CUSTOM] ?? {},
    ...enterpriseColumns(user[ENTERPRISE] ?? {}),
  };
}

function enterpriseColumns(enterprise: NonNullable<UserAttributes[typeof ENTERPRISE]>) {
  const { employeeNumber, costCenter, organization, division, department, manager } = enterprise;
  return {
    employeeNumber: employeeNumber ?? null,
    employeeNumberKey: keyOf(employeeNumber),
    costCenter: costCenter ?? null,
    costCenterKey: keyOf(costCenter),
    organization: organization ?? null,
    organizationKey: keyOf(organization),
    division: division ?? null,
    divisionKey: keyOf(division),
    department: department ?? null,
    departmentKey: keyOf(department),
    managerId: manager?.value ?? null,
  };
}

export const emailRows = (userId: UserId, emails: readonly Email[]): UserEmailRow[] =>
  emails.map((email, position) => ({
    userId,
    position,
    value: email.value,
    valueKey: comparisonKey(email.value),
    display: email.display ?? null,
    type: email.type ?? null,
    isPrimary: email.primary,
    isVerified: email.verified,
  }));
