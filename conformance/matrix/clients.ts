// Who takes part in the client matrix: the official clients.
export { officialClients as matrixClients } from '../official_clients.ts';
