// Whether the hub answers. The layout shows a banner while it does not; meanwhile it is looked for,
// so that the page goes on by itself also where nobody touches it.
import { Signal } from "./signal";

const kLookEvery = 2000;

const pause = () => new Promise((resolve) => setTimeout(resolve, kLookEvery));
const serves = () => fetch("/healthz", { cache: "no-store" }).then((response) => response.ok, () => false);

class Connection {
  readonly away = new Signal(false);

  reached(): void {
    this.away.set(false);
  }

  missed(): void {
    if (this.away.value) return;
    this.away.set(true);
    void this.look();
  }

  private async look(): Promise<void> {
    while (this.away.value) {
      await pause();
      if (this.away.value && await serves()) this.reached();
    }
  }
}

export const connection = new Connection();
