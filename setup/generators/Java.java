// Copyright 2026 crm_lead_api maintainers
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.nio.file.Files;
import java.time.OffsetDateTime;
import java.util.Arrays;
import org.openapitools.client.ApiClient;
import org.openapitools.client.api.BookingsApi;
import org.openapitools.client.api.LeadsApi;
import org.openapitools.client.api.PhoneCallsApi;
import org.openapitools.client.model.BookingRequest;
import org.openapitools.client.model.LeadChange;
import org.openapitools.client.model.LeadRequest;
import org.openapitools.client.model.PhoneCallRequest;

public class Java {
    public static void main(String[] arguments) throws Exception {
        ApiClient client = new ApiClient();
        ObjectMapper mapper = client.getObjectMapper();
        JsonNode scene = mapper.readTree(new File(arguments[0]));
        LeadRequest lead = mapper.treeToValue(scene.get("lead"), LeadRequest.class);
        client.setBasePath(scene.get("url").asText());
        client.setBearerToken(scene.get("token").asText());
        LeadsApi leads = new LeadsApi(client);
        BookingsApi bookings = new BookingsApi(client);
        PhoneCallsApi calls = new PhoneCallsApi(client);

        Long leadId = leads.createLead(lead, null, null, null).getData().getIdLead();
        // null is not sent: that needs the library jackson-databind-nullable.
        LeadChange change = new LeadChange().street(scene.get("street").asText());
        leads.changeLead(leadId, change, null, null, null, null, null, null);
        OffsetDateTime start =
                bookings.readSlots(
                                lead.getCompanyId(),
                                lead.getCrmLineIds(),
                                scene.get("from").asText(),
                                scene.get("to").asText(),
                                null,
                                null)
                        .getData()
                        .getSlots()
                        .get(0)
                        .getStart();
        BookingRequest request =
                new BookingRequest()
                        .idLead(leadId)
                        .start(start)
                        .crmLineIds(lead.getCrmLineIds());
        String code =
                bookings.createBooking(request, null, null, null).getData().getCode();
        PhoneCallRequest call =
                new PhoneCallRequest()
                        .direction(PhoneCallRequest.DirectionEnum.IN)
                        .phone(lead.getPhoneNo1())
                        .agentEmail(lead.getAgentEmail())
                        .startedAt(OffsetDateTime.parse(scene.get("now").asText()))
                        .ticketId(lead.getTicketId());
        String callId = scene.get("call").asText();
        calls.putPhoneCall(callId, call, null, null, null, null, null, null);
        File sound = new File(scene.get("sound").asText());
        calls.putRecording(callId, sound, null, null, null, null, null, null);
        File recording = calls.readRecording(callId, null, null);
        boolean isSame =
                Arrays.equals(
                        Files.readAllBytes(recording.toPath()),
                        Files.readAllBytes(sound.toPath()));
        System.out.printf("[%d, \"%s\", %b]%n", leadId, code, isSame);
    }
}
