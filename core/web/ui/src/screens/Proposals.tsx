export { Proposals as default } from "./proposals/List";
