import { POLL, PUSH } from '../../domain/signals/stream-input.ts';
import { SSF_PREFIX } from './parts.ts';

/** SSF §7.1. */
export const transmitterMetadata = (issuer: string): Record<string, unknown> => ({
  spec_version: '1_0',
  issuer,
  jwks_uri: `${issuer}/jwks`,
  delivery_methods_supported: [PUSH, POLL],
  configuration_endpoint: `${issuer}${SSF_PREFIX}/streams`,
  status_endpoint: `${issuer}${SSF_PREFIX}/status`,
  add_subject_endpoint: `${issuer}${SSF_PREFIX}/subjects/add`,
  remove_subject_endpoint: `${issuer}${SSF_PREFIX}/subjects/remove`,
  verification_endpoint: `${issuer}${SSF_PREFIX}/verification`,
  critical_subject_members: ['user'],
  authorization_schemes: [{ spec_urn: 'urn:ietf:rfc:6749' }],
  default_subjects: 'ALL',
});
