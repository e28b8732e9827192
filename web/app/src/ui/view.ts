import { LitElement } from 'lit';

/** A component that renders into itself: one style sheet for the page, ids and labels that find each other. */
export class View extends LitElement {
  private readonly cleanups: (() => void)[] = [];

  protected override createRenderRoot(): this {
    return this;
  }

  // An update asked for just before the component left would take hold again of what its cleanups let go.
  protected override shouldUpdate(): boolean {
    return this.isConnected;
  }

  /** Runs `cleanup` when the component leaves the page. */
  protected whenGone(cleanup: () => void): void {
    this.cleanups.push(cleanup);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    for (const cleanup of this.cleanups.splice(0)) cleanup();
  }
}
