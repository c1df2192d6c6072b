/** Identifier (RFC 8707) of the resource server that the admin API is. */
export const ADMIN_RESOURCE = 'urn:doorward:admin';

/** The built-in role that has every permission of {@link ADMIN_RESOURCE}. */
export const ADMINISTRATOR_ROLE = 'administrator';

/** Every permission of the admin API. Permissions of other resource servers are managed with `resource-servers:*`. */
export const adminPermissions = {
  'access:read': 'Explain why a person or a client has a permission, or has it not',
  'audit-events:read': 'Search the audit log',
  'branding:read': 'See how pages and mails are branded',
  'branding:write': 'Change how pages and mails are branded: name, logo, colours, links, mail sender',
  'clients:read': 'See applications and their settings',
  'clients:write': 'Register, change, disable and delete applications and rotate their secrets',
  'deliveries:read': 'See what is to be told to applications, and what could not be',
  'deliveries:write': 'Try again what could not be delivered',
  'deprovisioning-receipts:read': 'See what ended with the access of people who left, and who was told',
  'grants:read': 'See which applications hold access for whom',
  'grants:write': 'Revoke what applications hold',
  'groups:read': 'See groups and their members',
  'groups:write': 'Create, change and delete groups and their memberships',
  'imports:read': 'See imports of files of people, and what was refused of them',
  'imports:write': 'Import files of people, and cancel imports; what the rows do needs its own permissions',
  'keys:read': 'See the public signing keys and their states',
  'keys:write': 'Rotate signing keys',
  'organizations:read': 'See organizations, their members and invitations',
  'organizations:write': 'Create, change and delete organizations, their members and invitations',
  'policies:read': 'See sign-in policies, and explain which of them decides about a person',
  'policies:write': 'Create, change and delete sign-in policies',
  'provisioning-targets:read': 'See the applications in which people get accounts',
  'provisioning-targets:write':
    'Set up, change, pause, reconcile and delete the applications in which people get accounts',
  'resource-servers:read': 'See resource servers and their permissions',
  'resource-servers:write': 'Create, change and delete resource servers and their permissions',
  'role-assignments:read': 'See who has which role, and until when',
  'role-assignments:write': 'Assign roles and end assignments',
  'roles:read': 'See roles, their permissions and what they inherit',
  'roles:write': 'Create, change and delete roles',
  'sessions:read': 'See sign-in sessions',
  'sessions:write': 'End sign-in sessions',
  'signal-transmitters:read': 'See whose security events are followed here',
  'signal-transmitters:write': 'Set up, change and delete the providers whose security events end sessions here',
  'user-attributes:read': 'See which attributes of people are defined',
  'user-attributes:write': 'Define attributes of people, change and delete them with their values',
  'users:read': 'See people',
  'users:write': 'Create, change, deactivate and delete people',
} as const;

export type AdminPermission = keyof typeof adminPermissions;
