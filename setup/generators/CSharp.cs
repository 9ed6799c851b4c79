// Copyright 2026 crm_lead_api maintainers
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
using System;
using System.IO;
using System.Linq;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;
using Org.OpenAPITools.Api;
using Org.OpenAPITools.Client;
using Org.OpenAPITools.Model;

public static class CSharp
{
    public static void Main(string[] arguments)
    {
        var scene = JsonConvert.DeserializeObject<JObject>(
            File.ReadAllText(arguments[0]),
            new JsonSerializerSettings { DateParseHandling = DateParseHandling.None }
        );
        var lead = scene["lead"].ToObject<LeadRequest>();
        var configuration = new Configuration
        {
            BasePath = (string)scene["url"],
            AccessToken = (string)scene["token"],
        };
        var leads = new LeadsApi(configuration);
        var bookings = new BookingsApi(configuration);
        var calls = new PhoneCallsApi(configuration);

        var leadId = leads.CreateLead(lead).Data.IdLead;
        var change = new LeadChange { Street = (string)scene["street"], WorkOnline = null };
        leads.ChangeLead(leadId, change);
        var free = bookings.ReadSlots(
            (long)scene["lead"]["company_id"],
            lead.CrmLineIds,
            (string)scene["from"],
            (string)scene["to"]
        );
        var start = free.Data.Slots[0].Start;
        // What only the constructor gets is not sent.
        var booking = bookings.CreateBooking(
            new BookingRequest(start: start)
            {
                Start = start,
                IdLead = leadId,
                CrmLineIds = lead.CrmLineIds,
            }
        );
        var callId = (string)scene["call"];
        calls.PutPhoneCall(
            callId,
            new PhoneCallRequest
            {
                Direction = PhoneCallRequest.DirectionEnum.In,
                Phone = lead.PhoneNo1,
                AgentEmail = lead.AgentEmail,
                StartedAt = DateTime.Parse((string)scene["now"]),
                TicketId = (long)scene["lead"]["ticket_id"],
            }
        );
        var sound = File.ReadAllBytes((string)scene["sound"]);
        calls.PutRecording(
            callId,
            new FileParameter("1.mp3", "audio/mpeg", new MemoryStream(sound))
        );
        var recording = new MemoryStream();
        calls.ReadRecording(callId).Content.CopyTo(recording);
        var isSame = recording.ToArray().SequenceEqual(sound);
        Console.WriteLine(
            JsonConvert.SerializeObject(new object[] { leadId, booking.Data.Code, isSame })
        );
    }
}
