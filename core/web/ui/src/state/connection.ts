// Whether the hub answers. The layout shows a banner while it does not.
import { Signal } from "./signal";

class Connection {
  readonly away = new Signal(false);

  reached(): void {
    this.away.set(false);
  }

  missed(): void {
    this.away.set(true);
  }
}

export const connection = new Connection();
