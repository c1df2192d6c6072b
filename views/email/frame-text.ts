import { fill } from '../phrase.tsx';

export const text = {
  product: 'Doorward',
  greeting: 'Hello {person},',
  address: 'Or copy this address into a browser:',
  footer: 'Sent automatically by Doorward at {host}. Answers to this mail are not read.',
};

export const greetingFor = (person: string): string => fill(text.greeting, { person });
export const footerText = (host: string): string => fill(text.footer, { host });
