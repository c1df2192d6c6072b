import { invalid } from '../../kernel/errors.ts';
import { onConstraint } from '../../persistence/unit-of-work.ts';

const detail = 'there is no such organization';

export const onOrganizationUnknown = onConstraint('clients_organization_id_fkey', () =>
  invalid('clients.organization_unknown', {
    detail,
    faults: [{ pointer: '/organization_id', code: 'organization_unknown', detail }],
  }),
);
