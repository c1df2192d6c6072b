import { conflict, invalid, notFound, precondition } from '../../kernel/errors.ts';
import type { GroupId, OrganizationId } from '../../kernel/ids.ts';
import { onConstraint } from '../../persistence/unit-of-work.ts';
import type { GroupRow } from './groups-table.ts';

/** The groups room owns named sets of people (RFC 7643 §4.2). What a group's roles give is the access room's. */
export type Group = {
  readonly id: GroupId;
  readonly displayName: string;
  readonly externalId?: string;
  /** Members are exactly the people who meet it. */
  readonly membershipRule?: string;
  /** A team: a group of this organization, for its members alone. */
  readonly organizationId?: OrganizationId;
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
};

export const groupOf = ({
  id,
  displayName,
  externalId,
  membershipRule,
  organizationId,
  version,
  createdAt,
  updatedAt,
}: Omit<GroupRow, 'displayNameKey'>): Group => ({
  id: id as GroupId,
  displayName,
  ...(externalId === null ? {} : { externalId }),
  ...(membershipRule === null ? {} : { membershipRule }),
  ...(organizationId === null ? {} : { organizationId: organizationId as OrganizationId }),
  version,
  createdAt,
  updatedAt,
});

/** `SELECT` list for {@link groupOf} from `groups g`. */
export const GROUP_COLUMNS = /* sql */ `
  g.id, g.display_name AS "displayName", g.external_id AS "externalId", g.membership_rule AS "membershipRule",
  g.organization_id AS "organizationId", g.version, g.created_at AS "createdAt", g.updated_at AS "updatedAt"`;

export const groupNotFound = () => notFound('groups.not_found', { detail: 'there is no such group' });

export const groupChanged = () =>
  precondition('request.version_mismatch', { detail: 'the group was changed meanwhile; read it again' });

export const onDisplayNameTaken = onConstraint('groups_display_name_key', () =>
  conflict('groups.display_name_taken', {
    detail: 'another group has this displayName',
    faults: [{ pointer: '/displayName', code: 'taken', detail: 'another group has this displayName' }],
  }),
);

export const organizationUnknown = () =>
  fault('groups.organization_unknown', '/organizationId', 'there is no such organization');

/** A rule is about everybody; a team is of those who are members of an organization. */
export const teamByRule = () =>
  fault('groups.team_by_rule', '/membershipRule', 'the members of a team are chosen by hand');

const fault = (code: string, pointer: string, detail: string) =>
  invalid(code, { detail, faults: [{ pointer, code: code.slice('groups.'.length), detail }] });
