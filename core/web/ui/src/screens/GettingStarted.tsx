export { default } from "./gettingStarted";
