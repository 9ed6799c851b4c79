<?php
// Copyright 2026 crm_lead_api maintainers
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
require 'autoload.php';

use OpenAPI\Client\Api\BookingsApi;
use OpenAPI\Client\Api\LeadsApi;
use OpenAPI\Client\Api\PhoneCallsApi;
use OpenAPI\Client\Configuration;
use OpenAPI\Client\Model\BookingRequest;
use OpenAPI\Client\Model\LeadChange;
use OpenAPI\Client\Model\LeadRequest;
use OpenAPI\Client\Model\PhoneCallRequest;

$scene = json_decode(file_get_contents($argv[1]), true);
$lead = $scene['lead'];
$configuration = (new Configuration())
    ->setHost($scene['url'])
    ->setAccessToken($scene['token']);
$http = new GuzzleHttp\Client();
$leads = new LeadsApi($http, $configuration);
$bookings = new BookingsApi($http, $configuration);
$calls = new PhoneCallsApi($http, $configuration);

$leadId = $leads->createLead(new LeadRequest($lead))->getData()->getIdLead();
$change = (new LeadChange())->setStreet($scene['street'])->setWorkOnline(null);
$leads->changeLead($leadId, $change);
$slots = $bookings
    ->readSlots($lead['company_id'], $lead['crm_line_ids'], $scene['from'], $scene['to'])
    ->getData()
    ->getSlots();
$booking = $bookings->createBooking(
    (new BookingRequest())
        ->setIdLead($leadId)
        ->setStart($slots[0]->getStart())
        ->setCrmLineIds($lead['crm_line_ids'])
);
$calls->putPhoneCall(
    $scene['call'],
    (new PhoneCallRequest())
        ->setDirection('in')
        ->setPhone($lead['phone_no1'])
        ->setAgentEmail($lead['agent_email'])
        ->setStartedAt(new DateTime($scene['now']))
        ->setTicketId($lead['ticket_id'])
);
$calls->putRecording($scene['call'], new SplFileObject($scene['sound']));
$recording = $calls->readRecording($scene['call']);
$isSame =
    file_get_contents($recording->getPathname()) === file_get_contents($scene['sound']);
echo json_encode([$leadId, $booking->getData()->getCode(), $isSame]), PHP_EOL;
