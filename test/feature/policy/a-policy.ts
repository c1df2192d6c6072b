import type { z } from 'zod';
import { createPolicy } from '../../../src/domain/policy/change-policy.ts';
import type { Policy } from '../../../src/domain/policy/policy.ts';
import { policyInput } from '../../../src/domain/policy/policy-input.ts';
import type { RunningServer } from '../../support/running-server.ts';

const operator = { type: 'operator', id: 'test' } as const;
let count = 0;

/** A policy as the admin API would make it. */
export function aPolicy(
  { foundation }: RunningServer,
  facts: Partial<z.input<typeof policyInput>> & Pick<z.input<typeof policyInput>, 'rules'>,
): Promise<Policy> {
  count += 1;
  const input = policyInput.parse({ name: `policy ${count}`, ...facts });
  return foundation.transact(operator, (tx) => createPolicy(tx, input));
}
