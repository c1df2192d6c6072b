import type { ClientRecord } from '../../domain/clients/client-record.ts';
import type { ResourceShape } from '../../domain/directory-filter/attribute.ts';
import type { Columns } from '../../domain/directory-filter/columns.ts';
import { limitShape } from '../../domain/directory-filter/limit-shape.ts';
import { groupShape, groupsOfUser } from '../../domain/groups/group-schema.ts';
import type { UserAttribute } from '../../domain/user-attributes/user-attribute.ts';
import type { UserAttributeLookup } from '../../domain/user-attributes/user-attribute-lookup.ts';
import { type CustomView, customColumns, userShapeFor } from '../../domain/users/custom-schema.ts';
import { forbidden } from '../../kernel/errors.ts';
import type { ScimCall } from './scim-route.ts';

/** What this caller sees and writes of people and groups; undefined: nothing at all. */
export type CallerView = CustomView & {
  readonly users: ResourceShape | undefined;
  readonly groups: ResourceShape | undefined;
  readonly columns: Columns;
};

export type ViewOf = (call: Pick<ScimCall, 'permissions' | 'route' | 'actor'>) => Promise<CallerView>;

export type ViewParts = {
  readonly userAttributes: UserAttributeLookup;
  readonly findClient: (clientId: string) => Promise<ClientRecord | undefined>;
};

/** Provisioning clients see what administrators see; people by `/Me`, or without a permission here, what is theirs. */
const PROVISIONING: CustomView = { reading: 'admin', writing: 'provisioning' };
const SELF: CustomView = { reading: 'self', writing: 'self' };

export function createCallerViews({ userAttributes, findClient }: ViewParts): ViewOf {
  let known: readonly UserAttribute[] | undefined;
  const views = new Map<CustomView, CallerView>();
  return async ({ permissions, route, actor }) => {
    const definitions = await userAttributes.all();
    if (definitions !== known) views.clear();
    known = definitions;
    const kind = route.path !== '/Me' && permissions.size > 0 ? PROVISIONING : SELF;
    const view = views.get(kind) ?? viewOn(definitions, kind);
    views.set(kind, view);
    const clientId = actor.type === 'client' ? actor.id : actor.clientId;
    const client = clientId === undefined ? undefined : await findClient(clientId);
    return client?.scimAttributes === undefined ? view : limited(view, client.scimAttributes);
  };
}

const viewOn = (definitions: readonly UserAttribute[], kind: CustomView): CallerView => ({
  ...kind,
  users: userShapeFor(definitions, kind),
  groups: groupShape,
  columns: { ...groupsOfUser, ...customColumns(definitions, kind.reading) },
});

/** A client that is limited to certain attributes: the others are not there, neither to see, to ask for nor to write. */
function limited({ users, groups, ...view }: CallerView, names: readonly string[]): CallerView {
  // RFC 7643 §10: attributes of groups are named in full, the others are those of people.
  const [ofGroups, ofUsers] = [names.filter(isOfGroup), names.filter((name) => !isOfGroup(name))];
  return { ...view, users: users && limitShape(users, ofUsers), groups: groups && limitShape(groups, ofGroups) };
}

const isOfGroup = (name: string): boolean => name.toLowerCase().startsWith(`${groupShape.schema.id.toLowerCase()}:`);

/** Throws forbidden `scim.attributes_not_granted`. */
export function granted(shape: ResourceShape | undefined): ResourceShape {
  if (shape === undefined)
    throw forbidden('scim.attributes_not_granted', { detail: 'this client is limited to other attributes' });
  return shape;
}

/** Taking something away as a whole takes the attribute that says whether it is there. Throws as {@link granted}. */
export function assertMayDelete(shape: ResourceShape | undefined, attribute: 'active' | 'displayName'): void {
  if (granted(shape).schema.attributes.every(({ name }) => name !== attribute))
    throw forbidden('scim.attributes_not_granted', {
      detail: `without the attribute ${attribute} this client deletes nothing`,
    });
}
