import type { ResourceShape } from '../../domain/directory-filter/attribute.ts';
import type { Columns } from '../../domain/directory-filter/columns.ts';
import { groupsOfUser } from '../../domain/groups/group-schema.ts';
import type { UserAttribute } from '../../domain/user-attributes/user-attribute.ts';
import type { UserAttributeLookup } from '../../domain/user-attributes/user-attribute-lookup.ts';
import { type CustomView, customColumns, userShapeFor } from '../../domain/users/custom-schema.ts';
import type { ScimCall } from './scim-route.ts';

/** People as this caller sees and writes them. */
export type UserView = CustomView & { readonly shape: ResourceShape; readonly columns: Columns };

export type ViewOf = (call: Pick<ScimCall, 'permissions' | 'route'>) => Promise<UserView>;

/** Provisioning clients see what administrators see; people by `/Me`, or without a permission here, what is theirs. */
const PROVISIONING: CustomView = { reading: 'admin', writing: 'provisioning' };
const SELF: CustomView = { reading: 'self', writing: 'self' };

export function createUserViews(userAttributes: UserAttributeLookup): ViewOf {
  let known: readonly UserAttribute[] | undefined;
  const views = new Map<CustomView, UserView>();
  return async ({ permissions, route }) => {
    const definitions = await userAttributes.all();
    if (definitions !== known) views.clear();
    known = definitions;
    const view = route.path !== '/Me' && permissions.size > 0 ? PROVISIONING : SELF;
    const made = views.get(view) ?? viewOn(definitions, view);
    views.set(view, made);
    return made;
  };
}

const viewOn = (definitions: readonly UserAttribute[], view: CustomView): UserView => ({
  ...view,
  shape: userShapeFor(definitions, view),
  columns: { ...groupsOfUser, ...customColumns(definitions, view.reading) },
});
