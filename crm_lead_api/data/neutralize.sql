-- revoke the tokens: no outside system feeds the copy by mistake
UPDATE crm_lead_api_token
   SET date_revoked = now() AT TIME ZONE 'utc'
 WHERE date_revoked IS NULL;

-- forget where events go, and what signs them
UPDATE crm_lead_api_client
   SET webhook_url = NULL,
       webhook_test_url = NULL;
DELETE FROM crm_lead_api_secret;

-- cancel waiting events
UPDATE crm_lead_api_event
   SET state = 'cancelled',
       next_date = NULL,
       claimed_until = NULL
 WHERE state = 'waiting';

-- delete kept answers: they link to the original, and no client repeats a request
DELETE FROM crm_lead_api_answer;
