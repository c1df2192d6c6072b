import { EntitySchema } from 'typeorm';
import type { UserStatus } from './standing.ts';

export type UserRow = {
  id: string;
  userName: string;
  userNameKey: string;
  externalId: string | null;
  status: UserStatus;
  startsAt: Date | null;
  endsAt: Date | null;
  formattedName: string | null;
  familyName: string | null;
  familyNameKey: string | null;
  givenName: string | null;
  givenNameKey: string | null;
  middleName: string | null;
  honorificPrefix: string | null;
  honorificSuffix: string | null;
  displayName: string | null;
  displayNameKey: string | null;
  nickName: string | null;
  profileUrl: string | null;
  title: string | null;
  titleKey: string | null;
  userType: string | null;
  userTypeKey: string | null;
  preferredLanguage: string | null;
  locale: string | null;
  timezone: string | null;
  gender: string | null;
  birthdate: string | null;
  website: string | null;
  phoneNumbers: readonly object[];
  addresses: readonly object[];
  photos: readonly object[];
  ims: readonly object[];
  entitlements: readonly object[];
  x509Certificates: readonly object[];
  employeeNumber: string | null;
  employeeNumberKey: string | null;
  costCenter: string | null;
  costCenterKey: string | null;
  organization: string | null;
  organizationKey: string | null;
  division: string | null;
  divisionKey: string | null;
  department: string | null;
  departmentKey: string | null;
  managerId: string | null;
  customAttributes: object;
  accessValidFrom: Date | null;
  version: number;
  createdAt: Date;
  updatedAt: Date;
};

const text = (name: string) => ({ type: 'text', name, nullable: true }) as const;
const list = (name: string) => ({ type: 'jsonb', name }) as const;

export const UsersTable = new EntitySchema<UserRow>({
  name: 'users',
  tableName: 'users',
  columns: {
    id: { type: 'uuid', primary: true },
    userName: { type: 'text', name: 'user_name' },
    userNameKey: { type: 'text', name: 'user_name_key' },
    externalId: text('external_id'),
    status: { type: 'text' },
    startsAt: { type: 'timestamptz', name: 'starts_at', nullable: true },
    endsAt: { type: 'timestamptz', name: 'ends_at', nullable: true },
    formattedName: text('formatted_name'),
    familyName: text('family_name'),
    familyNameKey: text('family_name_key'),
    givenName: text('given_name'),
    givenNameKey: text('given_name_key'),
    middleName: text('middle_name'),
    honorificPrefix: text('honorific_prefix'),
    honorificSuffix: text('honorific_suffix'),
    displayName: text('display_name'),
    displayNameKey: text('display_name_key'),
    nickName: text('nick_name'),
    profileUrl: text('profile_url'),
    title: text('title'),
    titleKey: text('title_key'),
    userType: text('user_type'),
    userTypeKey: text('user_type_key'),
    preferredLanguage: text('preferred_language'),
    locale: text('locale'),
    timezone: text('timezone'),
    gender: text('gender'),
    birthdate: text('birthdate'),
    website: text('website'),
    phoneNumbers: list('phone_numbers'),
    addresses: list('addresses'),
    photos: list('photos'),
    ims: list('ims'),
    entitlements: list('entitlements'),
    x509Certificates: list('x509_certificates'),
    employeeNumber: text('employee_number'),
    employeeNumberKey: text('employee_number_key'),
    costCenter: text('cost_center'),
    costCenterKey: text('cost_center_key'),
    organization: text('organization'),
    organizationKey: text('organization_key'),
    division: text('division'),
    divisionKey: text('division_key'),
    department: text('department'),
    departmentKey: text('department_key'),
    managerId: { type: 'uuid', name: 'manager_id', nullable: true },
    customAttributes: { type: 'jsonb', name: 'custom_attributes' },
    accessValidFrom: { type: 'timestamptz', name: 'access_valid_from', nullable: true },
    version: { type: 'integer' },
    createdAt: { type: 'timestamptz', name: 'created_at' },
    updatedAt: { type: 'timestamptz', name: 'updated_at' },
  },
});

export type UserEmailRow = {
  userId: string;
  position: number;
  value: string;
  valueKey: string;
  display: string | null;
  type: string | null;
  isPrimary: boolean;
  isVerified: boolean;
};

export const UserEmailsTable = new EntitySchema<UserEmailRow>({
  name: 'user_emails',
  tableName: 'user_emails',
  columns: {
    userId: { type: 'uuid', name: 'user_id', primary: true },
    position: { type: 'smallint', primary: true },
    value: { type: 'text' },
    valueKey: { type: 'text', name: 'value_key' },
    display: text('display'),
    type: { type: 'text', nullable: true },
    isPrimary: { type: 'boolean', name: 'is_primary' },
    isVerified: { type: 'boolean', name: 'is_verified' },
  },
});
