-- close the addresses: no platform feeds the copy by mistake
UPDATE crm_lead_api_connection
   SET key_digest = NULL,
       key_hint = NULL,
       old_key_digest = NULL,
       old_key_date = NULL;

-- discard what waits: the original makes these leads
UPDATE crm_lead_api_message
   SET state = 'discarded',
       discard_reason = 'Copy of the database'
 WHERE state IN ('fetching', 'waiting');
-- forget what proves messages, and the tokens with which leads are fetched
DELETE FROM crm_lead_api_connection_secret;
