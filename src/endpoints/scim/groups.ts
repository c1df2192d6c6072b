import type { ResourceShape } from '../../domain/directory-filter/attribute.ts';
import { getGroup } from '../../domain/groups/find-group.ts';
import type { Group } from '../../domain/groups/group.ts';
import { listGroups } from '../../domain/groups/list-groups.ts';
import { countMembers, membersOfGroups, typedMembers } from '../../domain/groups/memberships.ts';
import { amendGroup, type GroupStep } from '../../domain/lifecycle/amend-group.ts';
import { foundGroup } from '../../domain/lifecycle/fill-group.ts';
import { removeGroup } from '../../domain/lifecycle/remove-group.ts';
import type { Reader } from '../../persistence/unit-of-work.ts';
import { assertMayDelete, granted, type ViewOf } from './caller-view.ts';
import { presentGroup, replacingSteps, stepsOf, writtenGroup } from './group-resource.ts';
import { readPatch } from './patch-request.ts';
import { readResource } from './read-resource.ts';
import { ScimRefusal } from './scim-error.ts';
import { type ScimAnswer, type ScimCall, type ScimRoutes, versionTag } from './scim-route.ts';
import { type Searched, searchRoutes } from './search.ts';
import { type Selection, selectionOf } from './selection.ts';

export type GroupsParts = { readonly base: string; readonly viewOf: ViewOf };

/** One answer holds no more; a group by itself is always shown whole. */
const MOST_MEMBERS_IN_A_LIST = 100_000;

export function groupRoutes(parts: GroupsParts): ScimRoutes {
  return [
    ...searchRoutes(searchedGroups(parts)),
    [{ method: 'POST', path: '/Groups', access: 'scim:write', hasBody: true }, (call) => createGroup(call, parts)],
    [{ method: 'GET', path: '/Groups/:id', access: 'scim:read' }, (call) => showGroup(call, parts)],
    [
      { method: 'PUT', path: '/Groups/:id', access: 'scim:write', hasBody: true },
      async (call) => {
        const shape = await shapeOf(call, parts);
        const steps = replacingSteps(writtenGroup(readResource(call.body, shape)), shape);
        return shown(call, await amend(call, steps), parts);
      },
    ],
    [{ method: 'PATCH', path: '/Groups/:id', access: 'scim:write', hasBody: true }, (call) => patchGroup(call, parts)],
    [
      { method: 'DELETE', path: '/Groups/:id', access: 'scim:write' },
      async (call) => {
        const {
          transact,
          actor,
          params: { id = '' },
          expectedVersion,
        } = call;
        assertMayDelete((await parts.viewOf(call)).groups, 'displayName');
        await transact(actor, (tx) => removeGroup(tx, { id, expectedVersion }));
        return { status: 204 };
      },
    ],
  ];
}

const shapeOf = async (call: ScimCall, { viewOf }: GroupsParts): Promise<ResourceShape> =>
  granted((await viewOf(call)).groups);

export const searchedGroups = ({ base, viewOf }: GroupsParts): Searched => ({
  shapeFor: async (call) => (await viewOf(call)).groups,
  endpoint: '/Groups',
  async list(call, listing, selection) {
    const { total, groups, nextCursor } = await listGroups(call.read, listing);
    return { total, resources: await presentAll(call.read, groups, selection, base), nextCursor };
  },
});

async function createGroup(call: ScimCall, parts: GroupsParts): Promise<ScimAnswer> {
  const written = writtenGroup(readResource(call.body, await shapeOf(call, parts)));
  const group = await call.transact(call.actor, async (tx) =>
    foundGroup(tx, { ...written, members: await typedMembers(tx, written.members) }),
  );
  const answer = await shown(call, group, parts);
  return { ...answer, status: 201, headers: { ...answer.headers, Location: `${parts.base}/Groups/${group.id}` } };
}

async function showGroup(call: ScimCall, parts: GroupsParts): Promise<ScimAnswer> {
  const group = await getGroup(call.read, call.params.id ?? '');
  if (call.knownVersions.has(group.version)) return { status: 304, headers: { ETag: versionTag(group.version) } };
  return shown(call, group, parts);
}

/** RFC 7644 §3.5.2: 204 unless attributes were asked for; a large group is not sent back for one member. */
async function patchGroup(call: ScimCall, parts: GroupsParts): Promise<ScimAnswer> {
  const shape = await shapeOf(call, parts);
  const group = await amend(call, stepsOf(readPatch(call.body, shape)));
  if (selectionOf(call.query, shape).isAsked) return shown(call, group, parts);
  return { status: 204, headers: { ETag: versionTag(group.version) } };
}

const amend = ({ transact, actor, params: { id = '' }, expectedVersion }: ScimCall, steps: readonly GroupStep[]) =>
  transact(actor, (tx) => amendGroup(tx, { id, expectedVersion, steps }));

async function shown(call: ScimCall, group: Group, parts: GroupsParts): Promise<ScimAnswer> {
  const selection = selectionOf(call.query, await shapeOf(call, parts));
  const [body] = await presentAll(call.read, [group], selection, parts.base);
  return { status: 200, body, headers: { ETag: versionTag(group.version) } };
}

async function presentAll(
  read: Reader,
  groups: readonly Group[],
  selection: Selection,
  base: string,
): Promise<readonly object[]> {
  const ids = groups.map(({ id }) => id);
  const isWanted = selection.shows('members') && ids.length > 0;
  if (isWanted && ids.length > 1 && (await countMembers(read, ids, MOST_MEMBERS_IN_A_LIST)) > MOST_MEMBERS_IN_A_LIST)
    throw new ScimRefusal(
      'tooMany',
      'these groups have too many members for one answer: send excludedAttributes=members, or a smaller count',
    );
  const members = isWanted ? await membersOfGroups(read, ids) : undefined;
  return groups.map((group) => selection.project(presentGroup(group, { base, members: members?.get(group.id) })));
}
