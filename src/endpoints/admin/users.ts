import { prepareStoredPassword, type StoredPasswordParts } from '../../domain/credentials/password-credential-input.ts';
import { admitUser } from '../../domain/lifecycle/admit-user.ts';
import { amendUser } from '../../domain/lifecycle/amend-user.ts';
import { previewAccess } from '../../domain/lifecycle/preview-access.ts';
import { removeUser } from '../../domain/lifecycle/remove-user.ts';
import { offerSetPasswordLink, resetPassword } from '../../domain/lifecycle/reset-password.ts';
import type { UserAttribute } from '../../domain/user-attributes/user-attribute.ts';
import type { UserAttributeLookup } from '../../domain/user-attributes/user-attribute-lookup.ts';
import { getUser } from '../../domain/users/find-user.ts';
import { searchUsers } from '../../domain/users/search-users.ts';
import type { User } from '../../domain/users/user.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Transact } from '../../persistence/unit-of-work.ts';
import type { ApiRouter } from '../http/api-router.ts';
import { listAnswer } from '../http/list-answer.ts';
import { created, noContent, ok } from '../http/route.ts';
import { ADMIN_PREFIX } from './admin-prefix.ts';
import { presentUser } from './users-resource.ts';
import {
  asked,
  createSetPasswordLinkRoute,
  createUserRoute,
  customOf,
  deleteUserRoute,
  getUserRoute,
  previewAccessRoute,
  searchUsersRoute,
  setUserPasswordRoute,
  updateUserRoute,
} from './users-routes.ts';

export type UsersParts = StoredPasswordParts & {
  readonly transact: Transact;
  readonly clock: Clock;
  readonly userAttributes: UserAttributeLookup;
  /** Address of the page on which a person sets their password with this token. */
  readonly setPasswordAddress: (token: string) => string;
  readonly isMailAvailable: boolean;
};

export function addUserRoutes(admin: ApiRouter, parts: UsersParts): void {
  addReading(admin, parts);
  addChanging(admin, parts);
  addPasswords(admin, parts);
}

function addReading(admin: ApiRouter, { clock, userAttributes }: UsersParts): void {
  admin.handle(searchUsersRoute, async ({ query, read }) => {
    const filters = {
      userName: query.userName,
      externalId: query.externalId,
      status: query.status,
      active: query.active === undefined ? undefined : query.active === 'true',
      displayName: query.displayName,
      title: query.title,
      userType: query.userType,
      ...asked(query),
      custom: customOf(query),
    };
    const at = clock.now();
    const page = await searchUsers(read, { filters, at, cursor: query.cursor, limit: query.limit });
    const definitions = await userAttributes.all();
    return listAnswer('users', page, (user) => presentUser(user, at, definitions), {
      path: `${ADMIN_PREFIX}/users`,
      query,
    });
  });
  admin.handle(getUserRoute, async ({ params, read }) =>
    shown(await getUser(read, params.id), clock.now(), await userAttributes.all()),
  );
}

function addChanging(admin: ApiRouter, parts: UsersParts): void {
  const { transact, clock, userAttributes, isMailAvailable } = parts;
  admin.handle(createUserRoute, async ({ body, actor }) => {
    const { password, passwordHash, sendInvitation: isWanted, ...input } = body;
    const owner = { ...ownerOf(input), organizationId: actor.organizationId };
    const hash = await prepareStoredPassword(given({ password, passwordHash }), owner, parts);
    const user = await transact(actor, (tx) =>
      admitUser(tx, { input, passwordHash: hash, invitation: { isWanted, isMailAvailable } }),
    );
    return created(
      `${ADMIN_PREFIX}/users/${user.id}`,
      presentUser(user, clock.now(), await userAttributes.all()),
      user.version,
    );
  });
  admin.handle(updateUserRoute, async ({ params: { id }, body, actor, read, expectedVersion }) => {
    const { password, passwordHash, ...patch } = body;
    const before = await getUser(read, id);
    const now = { userName: patch.userName ?? before.userName, emails: patch.emails ?? before.emails };
    const owner = { ...ownerOf(now), userId: id };
    const hash = await prepareStoredPassword(given({ password, passwordHash }), owner, parts);
    const user = await transact(actor, (tx) => amendUser(tx, { id, expectedVersion, patch, passwordHash: hash }));
    return shown(user, clock.now(), await userAttributes.all());
  });
  admin.handle(previewAccessRoute, async ({ params: { id }, body: patch, actor }) =>
    ok(await previewAccess(transact, actor, { id, patch })),
  );
  admin.handle(deleteUserRoute, async ({ params, actor, expectedVersion }) => {
    await transact(actor, (tx) => removeUser(tx, { userId: params.id, expectedVersion }));
    return noContent();
  });
}

function addPasswords(admin: ApiRouter, parts: UsersParts): void {
  const { transact, setPasswordAddress } = parts;
  admin.handle(setUserPasswordRoute, async ({ params, body, actor, read }) => {
    const user = await getUser(read, params.id);
    const hash = await prepareStoredPassword(body, { ...ownerOf(user), userId: user.id }, parts);
    if (hash !== undefined) await transact(actor, (tx) => resetPassword(tx, { userId: user.id, hash }));
    return noContent();
  });
  admin.handle(createSetPasswordLinkRoute, async ({ params, actor }) => {
    const { token, expiresAt } = await transact(actor, (tx) => offerSetPasswordLink(tx, { userId: params.id }));
    return { status: 201, body: { link: setPasswordAddress(token), expiresAt: expiresAt.toISOString() } };
  });
}

const shown = (user: User, at: Date, definitions: readonly UserAttribute[]) =>
  ok(presentUser(user, at, definitions), user.version);

const ownerOf = ({ userName, emails }: { userName: string; emails: readonly { readonly value: string }[] }) => ({
  userName,
  emails: emails.map((email) => email.value),
});

/** Members that are there; an optional one must not be undefined. */
function given({ password, passwordHash }: { password: string | undefined; passwordHash: string | undefined }) {
  return {
    ...(password === undefined ? {} : { password }),
    ...(passwordHash === undefined ? {} : { passwordHash }),
  };
}
