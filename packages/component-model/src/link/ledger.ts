/**
 * Counts the handles to one resource of a guest that the host owns. When the state of the guest is replaced, the ledger is closed:
 * its handles are dead, and a new one begins.
 */
export class Ledger {
  held = 0;
  closed = false;
}
