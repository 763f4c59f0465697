import { main } from "./program.ts";
import { tolerateClosedPipes } from "./tolerate-closed-pipes.ts";

tolerateClosedPipes();
await main(process.argv);
