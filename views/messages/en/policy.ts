export const policy = {
  policyHold: {
    denied: {
      title: 'You cannot sign in here',
      lead: '{client} is not open to you at the moment.',
      leadHere: 'Your account pages are not open to you at the moment.',
      help: 'Your administrator knows more and can change it.',
    },
    factor: {
      title: 'Another way to sign in is needed',
      two_factors: '{client} asks for a second step, and you have none yet.',
      passkey: '{client} asks for a passkey, and you have none yet.',
      setUp: 'Set it up in your account',
      thenGoOn: 'Come back to this page and continue.',
      goOn: 'Continue',
    },
  },
} as const;
