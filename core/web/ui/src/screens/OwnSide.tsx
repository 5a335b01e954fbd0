export { OwnSide as default } from "./ownSide/Screen";
