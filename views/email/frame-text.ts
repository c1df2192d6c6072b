import { fill } from '../phrase.tsx';

export const text = {
  product: 'Doorward',
  greeting: 'Hello {person},',
  greetingNobody: 'Hello,',
  address: 'Or copy this address into a browser:',
  footer: 'Sent automatically by Doorward at {host}. Answers to this mail are not read.',
};

export const greetingFor = (person: string): string => fill(text.greeting, { person });
/** To an address that belongs to nobody yet. */
export const greeting = text.greetingNobody;
export const footerText = (host: string): string => fill(text.footer, { host });
