import { expect } from '@jest/globals';
import type { Browser, BrowserContext, BrowserContextOptions, Locator, Page } from 'playwright-core';
import { aClient, authorizeUrl, password, type TestClient } from '../feature/interaction/a-sign-in.ts';
import { launchBrowser } from '../support/browser.ts';
import { type RunningServer, startServer } from '../support/running-server.ts';
import { type Application, anApplication, expectAccessible, expectNoSidewaysScroll } from './a-browser-visit.ts';

export type Manner = {
  readonly manner: string;
  readonly options: BrowserContextOptions;
  readonly isByKeyboard?: boolean;
};

/** The ways in which every flow is walked (issue 5, "Proof"). */
export const manners: readonly Manner[] = [
  { manner: 'by keyboard alone', options: {}, isByKeyboard: true },
  { manner: 'on a screen of 360 pixels', options: { viewport: { width: 360, height: 640 } } },
  { manner: 'in Arabic, from right to left', options: { locale: 'ar', viewport: { width: 360, height: 640 } } },
  { manner: 'without script', options: { javaScriptEnabled: false } },
  { manner: 'in the dark', options: { colorScheme: 'dark' } },
];

const MANY_PRESSES = 80;

/**
 * Somebody in front of a browser, in one of these manners. Names controls by what is in the HTML, not by their words, and looks
 * at every page it comes to: nothing sticks out, nothing complains, axe is content, what has the focus is seen.
 */
export class Person {
  readonly page: Page;
  private readonly manner: Manner;
  private readonly issuer: string;
  readonly complaints: string[] = [];

  constructor(page: Page, manner: Manner, issuer: string) {
    this.page = page;
    this.manner = manner;
    this.issuer = issuer;
    page.on('console', (message) => {
      // Chromium reports every answer of 400 and above; the pages that are one say so themselves.
      if (message.type() === 'error' && !message.text().includes('Failed to load resource'))
        this.complaints.push(message.text());
    });
    page.on('pageerror', (error) => this.complaints.push(error.message));
  }

  /** The same browser, beside this page. */
  async inAnotherTab(): Promise<Person> {
    return new Person(await this.page.context().newPage(), this.manner, this.issuer);
  }

  async goTo(url: string): Promise<void> {
    await this.page.goto(new URL(url, this.issuer).href);
    await this.look();
  }

  async fill(name: string, value: string): Promise<void> {
    const field = this.page.locator(`[name="${name}"]:visible`).first();
    if (!this.manner.isByKeyboard) return field.fill(value);
    await this.reach(field);
    await this.page.keyboard.press('ControlOrMeta+a');
    await this.page.keyboard.type(value);
  }

  async check(name: string): Promise<void> {
    const box = this.page.locator(`[name="${name}"]`);
    if (!this.manner.isByKeyboard) return box.check();
    await this.reach(box);
    await this.page.keyboard.press('Space');
    expect(await box.isChecked()).toBe(true);
  }

  /** One of several radio buttons. Tab comes to the chosen one, arrows to the others. */
  async choose(selector: string): Promise<void> {
    const button = this.page.locator(selector);
    if (!this.manner.isByKeyboard) return button.check();
    const name = await button.getAttribute('name');
    await this.reach(this.page.locator(`[name="${name}"]:checked`));
    for (let presses = 0; presses < MANY_PRESSES && !(await button.isChecked()); presses += 1)
      await this.page.keyboard.press('ArrowDown');
    expect(await button.isChecked()).toBe(true);
  }

  /** Presses a button, or follows a link, to the page behind it. */
  async press(selector: string): Promise<void> {
    const control = this.page.locator(selector).first();
    await Promise.all([
      this.page.waitForEvent('framenavigated', (frame) => frame === this.page.mainFrame()),
      this.actuate(control),
    ]);
    await this.page.waitForLoadState();
    await this.look();
  }

  /** Sends the form that holds this field by its first button. */
  send = (name: string): Promise<void> => this.press(`form:has([name="${name}"]:visible) button[type=submit]`);

  async signIn(userName: string, secret = password): Promise<void> {
    await this.fill('username', userName);
    await this.fill('password', secret);
    await this.send('password');
  }

  has = async (selector: string): Promise<boolean> => (await this.page.locator(selector).count()) > 0;

  private async actuate(control: Locator): Promise<void> {
    if (!this.manner.isByKeyboard) return control.click();
    await this.reach(control);
    await this.page.keyboard.press('Enter');
  }

  private async reach(control: Locator): Promise<void> {
    for (let presses = 0; presses < MANY_PRESSES; presses += 1) {
      const { hasFocus, isSeen } = await control.evaluate((one) => ({
        hasFocus: one === document.activeElement,
        isSeen: getComputedStyle(one).outlineStyle !== 'none',
      }));
      if (hasFocus) return expect(isSeen).toBe(true);
      await this.page.keyboard.press('Tab');
    }
    throw new Error(`Tab never comes to ${control} at ${this.page.url()}`);
  }

  private async look(): Promise<void> {
    const { page, manner } = this;
    if (!page.url().startsWith(this.issuer)) return;
    await expectNoSidewaysScroll(page);
    const html = page.locator('html');
    if (manner.options.locale === 'ar')
      expect([await html.getAttribute('lang'), await html.getAttribute('dir')]).toEqual(['ar', 'rtl']);
    if (manner.options.javaScriptEnabled !== false && !manner.isByKeyboard) await expectAccessible(page);
    expect(this.complaints).toEqual([]);
  }
}

/** A browser, a server and an application for flows that are walked in every manner. */
export class Walks {
  readonly browser: Browser;
  readonly server: RunningServer;
  readonly application: Application;
  readonly app: TestClient;
  private contexts: BrowserContext[] = [];

  private constructor(browser: Browser, server: RunningServer, application: Application, app: TestClient) {
    this.browser = browser;
    this.server = server;
    this.application = application;
    this.app = app;
  }

  static async start(env: Readonly<Record<string, string>> = {}): Promise<Walks> {
    const [browser, server, application] = await Promise.all([launchBrowser(), startServer({ env }), anApplication()]);
    const app = await aClient(server, { firstParty: true, name: 'Orders', redirectUri: application.callbackUrl });
    return new Walks(browser, server, application, app);
  }

  /** Somebody in a browser that was never here. */
  async person(manner: Manner): Promise<Person> {
    const context = await this.browser.newContext(manner.options);
    this.contexts.push(context);
    return new Person(await context.newPage(), manner, this.server.issuer);
  }

  authorizeUrl = (more: Readonly<Record<string, string>> = {}, app = this.app): string =>
    authorizeUrl(this.server, app, more);

  /** What came back to the application since the last time this was asked. */
  answers = (): readonly Readonly<Record<string, string>>[] => this.application.answers.splice(0);

  async closeBrowsers(): Promise<void> {
    await Promise.all(this.contexts.splice(0).map((context) => context.close()));
    this.answers();
  }

  async stop(): Promise<void> {
    await this.browser.close();
    await this.application.stop();
    expect(this.server.errors).toEqual([]);
    await this.server.stop();
  }
}
