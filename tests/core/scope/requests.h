// Requests for any method, by its descriptor.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include "tests/core/scope/planted.h"

namespace brobygger::scope {

// Every method of every service that the hub may serve, by the descriptors the program holds.
std::vector<const google::protobuf::MethodDescriptor*> AllMethods();

// A place in a request where a record is named, by the names of the fields that lead there.
using Path = std::vector<const google::protobuf::FieldDescriptor*>;

// All places of the request where a record of somebody's is named.
std::vector<Path> PlacesOfRecords(const google::protobuf::MethodDescriptor& method);

// A request that means what was planted for somebody: every place that names a record names theirs,
// and all else that a method may ask for is filled in.
std::unique_ptr<google::protobuf::Message> RequestAbout(
    const google::protobuf::MethodDescriptor& method, const Planted& planted);

// The id of which record stands in a field of this name; "" if none does.
std::string IdFor(const google::protobuf::FieldDescriptor& field, const Planted& planted);

// Sets every flag of the request, or only those without which a call would not end.
void SetFlags(bool all, google::protobuf::Message& request);

// Puts a text in a place.
void PutAt(const Path& path, const std::string& text, google::protobuf::Message& request);

// Requests that a curious caller would send about somebody's records.
std::vector<std::unique_ptr<google::protobuf::Message>> CuriousRequests(
    const google::protobuf::MethodDescriptor& method, const Planted& planted);

}  // namespace brobygger::scope
