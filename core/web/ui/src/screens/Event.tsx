export { EventPage as default } from "./events/One";
