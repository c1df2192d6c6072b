import { ADMIN_RESOURCE } from '../../domain/access/admin-permissions.ts';
import type { EffectiveAccess } from '../../domain/access/effective-access.ts';

export const maySeeBranding = ({ permissions }: Pick<EffectiveAccess, 'permissions'>): boolean =>
  permissions.get(ADMIN_RESOURCE)?.has('branding:read') === true;
