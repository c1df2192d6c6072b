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
  agreement: {
    title: 'Before you go on',
    lead: '{client} asks for this first.',
    leadHere: 'This is asked first.',
    accept: 'I accept: {document}',
    version: 'Version {version}',
    problem: {
      terms_missing: 'Accept what is listed to go on.',
      invalid: 'Something is missing or not as it can be.',
      form_expired: 'This page had been open too long. Please answer again.',
      not_allowed: 'This cannot be saved. Ask your administrator.',
    },
  },
} as const;
