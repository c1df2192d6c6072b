import type { Middleware } from 'koa';
import { asOpenApiDocument } from '../../../views/api-reference/openapi.ts';
import { ApiReferencePage } from '../../../views/api-reference/page.tsx';
import { sitePaths } from '../../../views/site.ts';
import { ADMIN_RESOURCE, adminPermissions } from '../../domain/access/admin-permissions.ts';
import type { ReadAs } from '../../persistence/unit-of-work.ts';
import { answerPage } from '../http/answer-page.ts';
import { type ApiRouter, createApiRouter } from '../http/api-router.ts';
import type { VerifyBearer } from '../http/bearer.ts';
import { openApiDocument } from '../http/openapi.ts';
import { ADMIN_PREFIX } from './admin-prefix.ts';
import { addAuditEventRoutes } from './audit-events.ts';
import { addBrandingRoutes } from './brandings.ts';
import { addClientRoutes, type ClientsParts } from './clients.ts';
import { addDeletedUserRoutes, type DeletedUsersParts } from './deleted-users.ts';
import { addDeliveryRoutes, type DeliveriesParts } from './deliveries.ts';
import { addReceiptRoutes, type ReceiptsParts } from './deprovisioning-receipts.tsx';
import { addExplainRoutes, type ExplainParts } from './explain.ts';
import { addGrantRoutes } from './grants.ts';
import { addGroupRoutes, type GroupsParts } from './groups.ts';
import { addImportRoutes, type ImportsParts } from './imports.ts';
import { addKeyRoutes, type KeysParts } from './keys.ts';
import { addOrganizationDomainRoutes, type OrganizationDomainsParts } from './organization-domains.ts';
import { addOrganizationRoutes } from './organizations.ts';
import { addPermissionRoutes } from './permissions.ts';
import { addPolicyRoutes, type PoliciesParts } from './policies.ts';
import { addProvisioningTargetRoutes, type ProvisioningTargetsParts } from './provisioning-targets.ts';
import { addReconciliationRoutes } from './reconciliations.ts';
import { addResourceServerRoutes } from './resource-servers.ts';
import { addRoleAssignmentRoutes } from './role-assignments.ts';
import { addRoleRoutes } from './roles.ts';
import { addSecondFactorRoutes } from './second-factors.ts';
import { addSessionRoutes, type SessionsParts } from './sessions.ts';
import { addSignalTransmitterRoutes, type SignalTransmittersParts } from './signal-transmitters.ts';
import { addUserAttributeRoutes } from './user-attributes.ts';
import { addUserRoutes, type UsersParts } from './users.ts';

export type AdminParts = {
  readonly issuer: string;
  readonly version: string;
  readonly verifyBearer: VerifyBearer;
  readonly readAs: ReadAs;
  readonly onError: (error: unknown, requestId: string) => void;
  readonly nouns: UsersParts &
    DeletedUsersParts &
    GroupsParts &
    ImportsParts &
    ClientsParts &
    DeliveriesParts &
    ReceiptsParts &
    ExplainParts &
    OrganizationDomainsParts &
    PoliciesParts &
    ProvisioningTargetsParts &
    SessionsParts &
    SignalTransmittersParts &
    KeysParts;
};

/** All routes of the admin API on one router; also what its documentation and its tests are made from. */
export function createAdminRouter({
  issuer,
  verifyBearer,
  readAs,
  onError,
  nouns,
}: Omit<AdminParts, 'version'>): ApiRouter {
  const admin = createApiRouter({
    issuer,
    prefix: ADMIN_PREFIX,
    resource: ADMIN_RESOURCE,
    verifyBearer,
    readAs,
    onError,
  });
  addUserRoutes(admin, nouns);
  addSecondFactorRoutes(admin, nouns);
  addDeletedUserRoutes(admin, nouns);
  addUserAttributeRoutes(admin, nouns);
  addGroupRoutes(admin, nouns);
  addImportRoutes(admin, nouns);
  addOrganizationRoutes(admin, nouns);
  addOrganizationDomainRoutes(admin, nouns);
  addBrandingRoutes(admin, nouns);
  addClientRoutes(admin, nouns);
  addResourceServerRoutes(admin, nouns);
  addPermissionRoutes(admin, nouns);
  addRoleRoutes(admin, nouns);
  addRoleAssignmentRoutes(admin, nouns);
  addExplainRoutes(admin, nouns);
  addPolicyRoutes(admin, nouns);
  addProvisioningTargetRoutes(admin, nouns);
  addReconciliationRoutes(admin, nouns);
  addSignalTransmitterRoutes(admin, nouns);
  addSessionRoutes(admin, nouns);
  addGrantRoutes(admin, nouns);
  addAuditEventRoutes(admin, nouns);
  addDeliveryRoutes(admin, nouns);
  addReceiptRoutes(admin, nouns);
  addKeyRoutes(admin, nouns);
  return admin;
}

/** `/admin/v1` and its description, as OpenAPI and as a page. */
export function adminEndpoints(parts: AdminParts): Middleware {
  const admin = createAdminRouter(parts);
  const document = adminOpenApi(admin, parts);
  const json = JSON.stringify(document);
  const dispatch = admin.middleware();
  return async (ctx, next) => {
    if (ctx.method !== 'GET' && ctx.method !== 'HEAD') return dispatch(ctx, next);
    if (ctx.path === sitePaths.openApi) {
      ctx.type = 'application/json';
      ctx.body = json;
      return;
    }
    if (ctx.path === sitePaths.apiReference)
      return answerPage(ctx, <ApiReferencePage document={asOpenApiDocument(document)} />);
    return dispatch(ctx, next);
  };
}

export const adminOpenApi = (admin: ApiRouter, { issuer, version }: { issuer: string; version: string }) =>
  openApiDocument(admin.routes, {
    issuer,
    prefix: ADMIN_PREFIX,
    title: 'Doorward admin API',
    version,
    description: 'Provisioning: people, groups, clients, resource servers, roles, sessions, the audit log and keys.',
    permissions: adminPermissions,
  });
