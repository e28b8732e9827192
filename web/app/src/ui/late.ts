import { nothing, type TemplateResult } from 'lit';
import type { View } from './view.ts';

/** A component that is loaded while something else is to be seen: drawn as soon as it is there. */
export class Late {
  private readonly name: string;

  constructor(host: View, name: string, load: () => Promise<unknown>) {
    this.name = name;
    void load().then(() => host.requestUpdate());
  }

  /** `drawing` has the component; drawn before it is known, it would begin without its properties. */
  draw(drawing: TemplateResult): TemplateResult | typeof nothing {
    return customElements.get(this.name) ? drawing : nothing;
  }
}
