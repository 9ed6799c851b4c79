<?php
// Copyright 2026 crm_lead_api maintainers
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

// Uses the sample as setup/client_cases asks: a JSON object in each line.

declare(strict_types=1);

require __DIR__ . '/LeadApi.php';

function show(array $object): void
{
    fwrite(STDOUT, json_encode($object, JSON_UNESCAPED_UNICODE) . "\n");
}

function makeApi(array $settings): LeadApi
{
    $retry = $settings['retry'] ?? [];
    $options = array_filter([
        'attempts' => $retry['attempts'] ?? null,
        'firstPause' => $retry['first_pause'] ?? null,
        'maxPause' => $retry['max_pause'] ?? null,
        'timeout' => $settings['timeout'] ?? null,
        'language' => $settings['language'] ?? null,
    ], fn ($value) => $value !== null);
    // The case decides how long a pause is.
    $sleep = function (float $seconds): void {
        show(['pause' => $seconds]);
        fgets(STDIN);
    };
    return new LeadApi($settings['url'], $settings['token'], ...$options, sleep: $sleep);
}

function call(LeadApi $api, array $command): mixed
{
    $args = $command['args'];
    $query = $command['query'] ?? [];
    $options = $command['options'] ?? [];
    $key = $options['idempotency_key'] ?? null;
    $match = $options['if_match'] ?? null;
    $dry = ($options['dry_run'] ?? false) ? ['dry_run' => '1'] : [];
    [$first, $second] = [...$args, null, null];
    $path = '/api/v1/lead';
    if (isset($query['include'])) {
        $query['include'] = implode(',', $query['include']);
    }
    return match ($command['method']) {
        'create_lead' => $api->createLead($first, $key),
        'check_lead' => $api->send('POST', $path, ['dry_run' => '1'], $first),
        'create_leads' => $api->createLeads($first, ...$options),
        'put_lead' => $api->write('PUT', $path, $first, $dry, $key, $match),
        'change_lead' => $api->write('PATCH', "$path/$first", $second, $dry, $key, $match),
        'change_lead_of_ticket' => $api->write(
            'PATCH', $path, $second, ['ticket_id' => $first] + $dry, $key, $match,
        ),
        'create_note' => $api->write('POST', "$path/$first/notes", $second, $dry, $key),
        'create_note_of_ticket' => $api->write(
            'POST', "$path/notes", $second, ['ticket_id' => $first] + $dry, $key,
        ),
        'read_lead' => $api->send('GET', "$path/$first"),
        'read_ticket' => $api->send('GET', $path, ['ticket_id' => $first]),
        'read_leads' => $api->readPages('/api/v1/leads', $query),
        'read_customers' => $api->send('GET', '/api/v1/customers', $query),
        'read_me' => $api->send('GET', '/api/v1/me'),
        'read_lists' => $api->send('GET', '/api/v1/ref'),
        'read_list' => $api->readPages("/api/v1/ref/$first", $query),
        'send' => $api->send($first, $second),
    };
}

function describe(mixed $result): array
{
    if (!$result instanceof LeadApiAnswer) {
        return ['data' => is_array($result) ? $result : iterator_to_array($result, false)];
    }
    $headers = $result->headers;
    $names = array_filter(explode(',', $headers['x-ignored-fields'] ?? ''));
    return [
        'data' => $result->data,
        'etag' => $headers['etag'] ?? null,
        'is_replayed' => ($headers['idempotency-replayed'] ?? '') === 'true',
        'lead_state' => $headers['x-lead-state'] ?? null,
        'ignored_fields' => array_map('rawurldecode', array_map('trim', $names)),
    ];
}

while (($line = fgets(STDIN)) !== false) {
    $command = json_decode($line, true);
    try {
        $answer = $command['method'] === 'read_event'
            ? ['data' => LeadApi::readEvent(...$command['args'])]
            : describe(call(makeApi($command['settings']), $command));
        show(['answer' => $answer]);
    } catch (LeadApiError $error) {
        show(['error' => [
            'status' => $error->status,
            'type' => $error->type,
            'message' => $error->getMessage(),
            'errors' => $error->errors,
            'retry_after' => $error->retryAfter,
        ]]);
    } catch (UnexpectedValueException $error) {
        show(['error' => [
            'type' => 'WebhookVerificationError',
            'message' => $error->getMessage(),
        ]]);
    } catch (ValueError $error) {
        show(['error' => ['type' => 'ValueError', 'message' => $error->getMessage()]]);
    }
}
