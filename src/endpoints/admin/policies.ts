import { createPolicy, deletePolicy, updatePolicy } from '../../domain/policy/change-policy.ts';
import type { DecideSignIn } from '../../domain/policy/decide-sign-in.ts';
import { explainSignIn } from '../../domain/policy/explain-sign-in.ts';
import { getPolicy, listPolicies, type Policy } from '../../domain/policy/policy.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Reader, Transact } from '../../persistence/unit-of-work.ts';
import type { ApiRouter } from '../http/api-router.ts';
import { created, noContent, ok } from '../http/route.ts';
import { ADMIN_PREFIX } from './admin-prefix.ts';
import {
  createPolicyRoute,
  deletePolicyRoute,
  evaluatePoliciesRoute,
  getPolicyRoute,
  listPoliciesRoute,
  updatePolicyRoute,
} from './policies-routes.ts';

export type PoliciesParts = {
  readonly read: Reader;
  readonly transact: Transact;
  readonly clock: Clock;
  readonly decideSignIn: DecideSignIn;
};

export function addPolicyRoutes(
  admin: ApiRouter,
  { read: everything, transact, clock, decideSignIn }: PoliciesParts,
): void {
  admin.handle(listPoliciesRoute, async ({ read }) => ok({ policies: (await listPolicies(read)).map(present) }));
  admin.handle(createPolicyRoute, async ({ body, actor }) => {
    const policy = await transact(actor, (tx) => createPolicy(tx, body));
    return created(`${ADMIN_PREFIX}/policies/${policy.id}`, present(policy), policy.version);
  });
  admin.handle(getPolicyRoute, async ({ params: { id }, read }) => shown(await getPolicy(read, id)));
  admin.handle(updatePolicyRoute, async ({ params: { id }, body, actor, expectedVersion }) =>
    shown(await transact(actor, (tx) => updatePolicy(tx, { id, expectedVersion, patch: body }))),
  );
  admin.handle(deletePolicyRoute, async ({ params: { id }, actor, expectedVersion }) => {
    await transact(actor, (tx) => deletePolicy(tx, { id, expectedVersion }));
    return noContent();
  });
  admin.handle(evaluatePoliciesRoute, async ({ body: { knownBrowser, signedIn, ...signIn } }) =>
    ok(
      await explainSignIn(everything, decideSignIn, {
        ...signIn,
        browser: knownBrowser === undefined ? undefined : { isKnown: knownBrowser },
        signedIn: signedIn && {
          amr: signedIn.amr,
          at: new Date(clock.now().getTime() - signedIn.secondsAgo * 1000),
        },
      }),
    ),
  );
}

const shown = (policy: Policy) => ok(present(policy), policy.version);

const present = (policy: Policy): Record<string, unknown> => ({
  id: policy.id,
  name: policy.name,
  description: policy.description ?? undefined,
  organizationId: policy.organizationId ?? undefined,
  clientId: policy.clientId ?? undefined,
  enabled: policy.enabled,
  rules: policy.rules,
  version: policy.version,
  createdAt: policy.createdAt.toISOString(),
  updatedAt: policy.updatedAt.toISOString(),
});
