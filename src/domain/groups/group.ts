import { conflict, notFound, precondition } from '../../kernel/errors.ts';
import type { GroupId } from '../../kernel/ids.ts';
import { onConstraint } from '../../persistence/unit-of-work.ts';
import type { GroupRow } from './groups-table.ts';

/** The groups room owns named sets of people (RFC 7643 §4.2). What a group's roles give is the access room's. */
export type Group = {
  readonly id: GroupId;
  readonly displayName: string;
  readonly externalId?: string;
  /** Members are exactly the people who meet it. */
  readonly membershipRule?: string;
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
};

export const groupOf = ({
  id,
  displayName,
  externalId,
  membershipRule,
  version,
  createdAt,
  updatedAt,
}: Omit<GroupRow, 'displayNameKey'>): Group => ({
  id: id as GroupId,
  displayName,
  ...(externalId === null ? {} : { externalId }),
  ...(membershipRule === null ? {} : { membershipRule }),
  version,
  createdAt,
  updatedAt,
});

export const groupNotFound = () => notFound('groups.not_found', { detail: 'there is no such group' });

export const groupChanged = () =>
  precondition('request.version_mismatch', { detail: 'the group was changed meanwhile; read it again' });

export const onDisplayNameTaken = onConstraint('groups_display_name_key', () =>
  conflict('groups.display_name_taken', {
    detail: 'another group has this displayName',
    faults: [{ pointer: '/displayName', code: 'taken', detail: 'another group has this displayName' }],
  }),
);
