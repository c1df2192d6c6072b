import { findAttribute, type ResourceShape } from '../../domain/directory-filter/attribute.ts';
import type { Group } from '../../domain/groups/group.ts';
import { type GroupInput, groupInput, groupPatch } from '../../domain/groups/group-input.ts';
import type { GroupMember } from '../../domain/groups/group-members.ts';
import { GROUP_SCHEMA, groupShape } from '../../domain/groups/group-schema.ts';
import type { NamedMember } from '../../domain/groups/memberships.ts';
import type { GroupStep } from '../../domain/lifecycle/amend-group.ts';
import { parseInput } from '../../kernel/input.ts';
import type { PatchOperation } from './patch-request.ts';
import { readValue, type WrittenResource } from './read-resource.ts';
import { ScimRefusal } from './scim-error.ts';
import { versionTag } from './scim-route.ts';

export function presentGroup(
  group: Group,
  { base, members }: { base: string; members?: readonly GroupMember[] | undefined },
): Readonly<Record<string, unknown>> {
  return {
    schemas: [GROUP_SCHEMA],
    id: group.id,
    ...(group.externalId === undefined ? {} : { externalId: group.externalId }),
    displayName: group.displayName,
    ...(members === undefined || members.length === 0
      ? {}
      : {
          members: members.map(({ value, display, type }) => ({
            value,
            $ref: `${base}/${type}s/${value}`,
            display,
            type,
          })),
        }),
    meta: {
      resourceType: 'Group',
      created: group.createdAt.toISOString(),
      lastModified: group.updatedAt.toISOString(),
      location: `${base}/Groups/${group.id}`,
      version: versionTag(group.version),
    },
  };
}

export type WrittenGroup = { readonly input: GroupInput; readonly members: readonly NamedMember[] };

/** A whole group, as in POST and PUT. */
export function writtenGroup({ members, ...written }: WrittenResource): WrittenGroup {
  return { input: parseInput(groupInput, written, 'scim.invalid'), members: membersOf(members) };
}

/** What makes a group the one that was sent (PUT), as far as the caller deals with it. */
export function replacingSteps({ input, members }: WrittenGroup, shape: ResourceShape): readonly GroupStep[] {
  const has = (name: string): boolean =>
    findAttribute([...shape.common, ...shape.schema.attributes], name) !== undefined;
  const patch = has('externalId') ? { ...input, externalId: input.externalId ?? null } : input;
  return [{ kind: 'attributes', patch }, ...(has('members') ? [{ kind: 'replace' as const, members }] : [])];
}

/** A PATCH as steps; neighbours of one kind become one, so that a list of single members is one statement. */
export function stepsOf(operations: readonly PatchOperation[]): readonly GroupStep[] {
  const steps: GroupStep[] = [];
  for (const step of operations.map(stepOf)) {
    const last = steps.at(-1);
    const isAlike = last?.kind === step.kind && (step.kind === 'add' || step.kind === 'remove') && 'members' in last;
    if (isAlike) steps.splice(-1, 1, { kind: step.kind, members: last.members.concat(step.members) });
    else steps.push(step);
  }
  return steps;
}

function stepOf({ op, path, value }: PatchOperation): GroupStep {
  if (path.attribute === undefined) throw new ScimRefusal('invalidPath', 'groups have no extension');
  const { attribute, sub, filter } = path;
  if (attribute.name !== 'members') {
    if (op === 'remove' && attribute.required) throw new ScimRefusal('mutability', `${attribute.name} is required`);
    const read = op === 'remove' ? undefined : readValue(value, attribute, attribute.name);
    return { kind: 'attributes', patch: parseInput(groupPatch, { [attribute.name]: read ?? null }, 'scim.invalid') };
  }
  if (sub !== undefined || (filter !== undefined && op !== 'remove'))
    throw new ScimRefusal('mutability', 'a member is added or removed as a whole (RFC 7643 §4.2)');
  if (filter !== undefined) return { kind: 'remove-matching', filter };
  if (op === 'remove' && (value === undefined || value === null)) return { kind: 'replace', members: [] };
  return { kind: op, members: membersOf(readValue(value, attribute, 'members')) };
}

const membersAttribute = groupShape.schema.attributes.find(({ name }) => name === 'members');

function membersOf(members: unknown): readonly NamedMember[] {
  if (members === undefined || membersAttribute === undefined || !Array.isArray(members)) return [];
  return members.map(({ value, type, $ref }: { value?: unknown; type?: unknown; $ref?: unknown }, index) => {
    if (typeof value !== 'string') throw new ScimRefusal('invalidValue', `members[${index}].value is missing`);
    return { value, type: kindOf(type, index) ?? kindIn($ref) };
  });
}

function kindOf(type: unknown, index: number): NamedMember['type'] {
  const kind = type === undefined ? '' : String(type).toLowerCase();
  if (kind !== '' && kind !== 'user' && kind !== 'group')
    throw new ScimRefusal('invalidValue', `members[${index}].type: people and groups alone are members`);
  return kind === '' ? undefined : kind === 'user' ? 'User' : 'Group';
}

/** RFC 7643 §4.2: the address says of what type the member is. */
function kindIn(address: unknown): NamedMember['type'] {
  const [, kind] = typeof address === 'string' ? (/(?:^|\/)(User|Group)s\/[^/]+$/.exec(address) ?? []) : [];
  return kind === 'User' || kind === 'Group' ? kind : undefined;
}
