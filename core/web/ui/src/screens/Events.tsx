export { Events as default } from "./events/List";
