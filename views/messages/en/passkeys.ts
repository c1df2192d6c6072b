export const passkeys = {
  passkeyPrompt: {
    get: { start: 'Sign in with a passkey', failed: 'No passkey was used. Try again, or sign in another way.' },
    create: {
      start: 'Add a passkey',
      failed: 'No passkey was made. Try again when you are ready.',
      exists: 'This device has a passkey for your account already.',
    },
  },
  passkeyOffer: {
    title: 'Sign in faster next time',
    later: 'Not now',
    laterHint: 'You find this on your account page whenever you like.',
  },
  passkeys: {
    count: 'You have {count, plural, one {# passkey} other {# passkeys}}.',
    manage: 'Manage passkeys',
    title: 'Passkeys',
    lead: 'A passkey signs you in with your fingerprint, your face or the PIN of your device. Nobody can learn it or ask you for it.',
    none: 'You have no passkey yet.',
    yours: 'Your passkeys',
    synced: 'on all your devices',
    local: 'on one device',
    created: 'Added on {date}.',
    used: 'Added on {date}, last used on {used}.',
    name: 'Name of {passkey}',
    rename: 'Rename',
    remove: 'Remove',
    removeLabel: 'Remove {passkey}',
    needsScript: 'Adding a passkey needs a browser that knows passkeys, with JavaScript.',
    problem: {
      form_expired: 'This page had been open too long. Please try again.',
      not_accepted: 'That passkey could not be added. Please try again.',
      not_allowed: 'Passkeys of this kind may not be used here. Ask your administrator which may.',
      too_many: 'You have as many passkeys as there may be. Remove one that you do not need.',
      name_missing: 'A name has one to sixty characters.',
    },
    notice: {
      added: 'Your passkey was added.',
      renamed: 'The name was changed.',
      removed: 'The passkey was removed. It does not sign in any more.',
    },
  },
  passkeyChangedMail: {
    subject: {
      added: 'A passkey was added',
      removed: 'A passkey was removed',
      copied: 'A passkey may have been copied',
    },
    change: {
      added: 'A passkey was added to your account {userName}. It signs in without a password.',
      removed: 'A passkey was removed from your account {userName}. It does not sign in any more.',
      copied:
        'Somebody tried to sign in to your account {userName} with a passkey that looks like a copy, and was not let in. If that was you, remove the passkey and add it again.',
    },
    passkey: 'Passkey',
  },
} as const;
