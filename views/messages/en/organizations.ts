export const organizations = {
  joinOrganization: {
    title: 'Join an organization',
    lead: '{organization} invites you: your account {person} becomes a member.',
    leadSeveral: '{organization} invites you. You have more than one account with this address.',
    which: 'Which one becomes a member?',
    effect:
      'The administrators of the organization will see your profile, and may put you into teams and give you roles there.',
    join: 'Join',
    stranger: 'You do not know this organization? Then close this page: nothing happens without you.',
    doneTitle: 'You are a member',
    done: 'You are a member of {organization} now.',
    account: 'To my account',
  },
  organizationInvitationMail: {
    subject: 'You are invited to an organization',
    preview: 'The link in this mail leads on.',
    invited: '{organization} invites you to become a member at {host}.',
    button: 'See the invitation',
    limits: 'The link works once, in any browser, for a week.',
    surprise: 'You do not know this organization? Then do nothing: you become a member of nothing without you.',
  },
} as const;
