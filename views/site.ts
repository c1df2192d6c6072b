/** Where the pages that link to each other live; doors mount them from here. */
export const sitePaths = {
  home: '/',
  account: '/account',
  changePassword: '/account/password',
  requestVerification: '/account/email-verification',
  email: '/account/email',
  cancelEmailChange: '/account/email/cancel',
  confirmEmailChange: '/account/email/confirm',
  undoEmailChange: '/account/email/undo',
  notMe: '/account/not-me',
  factorRecovery: '/account/factor-recovery',
  stopFactorRecovery: '/account/factor-recovery/stop',
  secondFactors: '/account/second-factors',
  setUpTotp: '/account/second-factors/totp',
  removeTotp: '/account/second-factors/totp/removal',
  recoveryCodes: '/account/second-factors/recovery-codes',
  profile: '/account/profile',
  activity: '/account/activity',
  data: '/account/data',
  brandingPreview: '/account/branding',
  exportData: '/account/data/export',
  deleteAccount: '/account/data/deletion',
  devices: '/account/devices',
  endSession: '/account/devices/end',
  endTrust: '/account/devices/end-trust',
  endOtherSessions: '/account/devices/end-others',
  applications: '/account/applications',
  withdrawApplication: '/account/applications/withdraw',
  ownGroups: '/account/groups',
  addToOwnGroup: '/account/groups/add',
  removeFromOwnGroup: '/account/groups/remove',
  passkeys: '/account/passkeys',
  renamePasskey: '/account/passkeys/name',
  removePasskey: '/account/passkeys/removal',
  integrate: '/integrate',
  apiReference: '/api-reference',
  openApi: '/admin/v1/openapi.json',
  forgotPassword: '/recover',
  logout: '/logout',
  devMail: '/dev/mail',
} as const;

export type SitePage = 'home' | 'account' | 'integrate' | 'apiReference' | 'devMail';

/** The person a page speaks to. */
export type PersonSummary = {
  readonly displayName: string;
  readonly userName: string;
  readonly email?: string | undefined;
  /** They say who is in some group. */
  readonly looksAfterGroups?: boolean | undefined;
};

/** The client a person came from or goes to. URLs are the registered ones; pages pass them through `safeUrl`. */
export type ClientSummary = {
  readonly name: string;
  /** Host of the redirect URI, shown so that a look-alike name is noticed. */
  readonly destination?: string | undefined;
  readonly clientUri?: string | undefined;
  readonly policyUri?: string | undefined;
  readonly tosUri?: string | undefined;
};

export type HiddenField = { readonly name: string; readonly value: string };

/** Where a form is posted and what it carries unseen. `csrfToken` becomes the field `csrf`. */
export type FormTarget = {
  readonly action: string;
  readonly csrfToken?: string | undefined;
  readonly fields?: readonly HiddenField[] | undefined;
};
