// Copyright 2026 crm_lead_api maintainers
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"time"

	openapi "github.com/GIT_USER_ID/GIT_REPO_ID"
)

type Scene struct {
	Url, Token, Street, From, To, Call, Sound string
	Now                                       time.Time
	Lead                                      openapi.LeadRequest
}

// check ends the program if there is an error.
func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func main() {
	var scene Scene
	text, err := os.ReadFile(os.Args[1])
	check(err)
	check(json.Unmarshal(text, &scene))
	configuration := openapi.NewConfiguration()
	configuration.Servers = openapi.ServerConfigurations{{URL: scene.Url}}
	client := openapi.NewAPIClient(configuration)
	ctx := context.WithValue(
		context.Background(), openapi.ContextAccessToken, scene.Token,
	)

	made, _, err := client.LeadsAPI.CreateLead(ctx).LeadRequest(scene.Lead).Execute()
	check(err)
	leadId := made.Data.IdLead
	change := openapi.LeadChange{}
	change.SetStreet(scene.Street)
	change.SetWorkOnlineNil()
	_, _, err = client.LeadsAPI.ChangeLead(ctx, leadId).LeadChange(change).Execute()
	check(err)

	free, _, err := client.BookingsAPI.ReadSlots(ctx).
		CompanyId(scene.Lead.GetCompanyId()).
		CrmLineIds(scene.Lead.GetCrmLineIds()).
		From(scene.From).
		To(scene.To).
		Execute()
	check(err)
	request := openapi.NewBookingRequest(free.Data.Slots[0].Start)
	request.SetIdLead(leadId)
	request.SetCrmLineIds(scene.Lead.GetCrmLineIds())
	booking, _, err := client.BookingsAPI.CreateBooking(ctx).
		BookingRequest(*request).
		Execute()
	check(err)

	call := openapi.PhoneCallRequest{}
	call.SetDirection("in")
	call.SetPhone(scene.Lead.GetPhoneNo1())
	call.SetAgentEmail(scene.Lead.GetAgentEmail())
	call.SetStartedAt(scene.Now)
	call.SetTicketId(scene.Lead.GetTicketId())
	calls := client.PhoneCallsAPI
	_, _, err = calls.PutPhoneCall(ctx, scene.Call).PhoneCallRequest(call).Execute()
	check(err)
	sound, err := os.Open(scene.Sound)
	check(err)
	_, _, err = calls.PutRecording(ctx, scene.Call).Body(sound).Execute()
	check(err)
	recording, _, err := calls.ReadRecording(ctx, scene.Call).Execute()
	check(err)
	got, err := os.ReadFile(recording.Name())
	check(err)
	sent, err := os.ReadFile(scene.Sound)
	check(err)
	result := []any{leadId, booking.Data.GetCode(), bytes.Equal(got, sent)}
	check(json.NewEncoder(os.Stdout).Encode(result))
}
