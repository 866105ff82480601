/** A browser that Playwright does not drive, as the tests use it: the same few verbs for every driver. */
export interface TestedBrowser {
  /** Name and version as the browser gives them. */
  readonly version: string
  /** A tab in a profile of its own, with nothing stored. */
  openProfile(): Promise<Tab>
  close(): Promise<void>
}

/** One tab. Every promise rejects when the browser or the page fails. */
export interface Tab {
  /** Loads a page and waits for its `load` event. */
  goto(url: string): Promise<void>
  /** Runs a function in the page. It sees nothing of the test but its argument; both ways go plain data only. */
  evaluate<T>(run: () => T | Promise<T>): Promise<T>
  evaluate<T, A>(run: (argument: A) => T | Promise<T>, argument: A): Promise<T>
  /** Presses and releases a key where the focus is. */
  press(key: Key): Promise<void>
  /** Clicks with the mouse at a place of the viewport. */
  click(place: { readonly x: number; readonly y: number }): Promise<void>
  /** Chooses a file for the file input that `find` returns in the page. */
  chooseFile(find: () => Element | null | undefined, path: string): Promise<void>
  /** Sets the size of the window: what the page sees of it is as large or a little smaller. */
  resize(width: number, height: number): Promise<void>
  /** A picture of what is visible, as PNG. */
  screenshot(): Promise<Buffer>
  /** Another tab of the same profile. */
  openTab(): Promise<Tab>
  /** Closes the tab; closing the first one of a profile closes the profile. */
  close(): Promise<void>
}

export type Key = 'ArrowLeft' | 'ArrowRight' | 'End' | 'Enter' | 'Escape' | 'Home' | 'Tab'
